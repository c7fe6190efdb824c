import { zuluTimestamp } from '../world/clock.js';
import { LINKS, RIGHTS, type Account, type Invite } from '../world/records.js';

/** version_id 1.1 adds updated_at, 1.2 timezone_id too. */
export type ListVersion = 0 | 1 | 2;

export const listVersionOf = (text: string | null): ListVersion => (text === '1.1' ? 1 : text === '1.2' ? 2 : 0);

export const moment = (epochMs: number | null): string | null => (epochMs === null ? null : zuluTimestamp(epochMs));

/** An object's JSON without its braces, to be joined with more. */
const members = (object: object): string => JSON.stringify(object).slice(1, -1);

/** The same for nearly everybody: written once, since lists are most of what a portal sends. */
const DEFAULT_RIGHTS = members(RIGHTS);
const NO_ENROLMENTS = '"number_of_enrollments":0,"number_of_enrollments_accessed":0';
const NO_POINTS = members({ number_of_points: 0, number_of_badges: 0, is_salesforce_contact: false });
const NO_LINKS = members({ membership_type: 'Member', sf_contact_id: null, sf_user_id: null });

const rightsOf = ({ rights }: Account): string => (rights ? members({ ...RIGHTS, ...rights }) : DEFAULT_RIGHTS);

const linksOf = ({ links }: Account): string =>
  links
    ? members(
        Object.fromEntries(LINKS.map((key) => [key, links[key] ?? (key === 'membership_type' ? 'Member' : null)])),
      )
    : NO_LINKS;

const enrolmentsOf = (account: Account): string => {
  const enrolments = account.portal.learning.byAccount.get(account);
  if (!enrolments || enrolments.size === 0) return NO_ENROLMENTS;
  const accessed = [...enrolments].filter(({ status }) => status !== 'not_started').length;
  return members({ number_of_enrollments: enrolments.size, number_of_enrollments_accessed: accessed });
};

const customDataOf = ({ portal, custom }: Account): string => {
  if (custom.size === 0) return '"CustomData":null,"customDataFieldValues":[]';
  let byKey = '';
  let byId = '';
  for (const { id, jsonKey } of portal.definitions) {
    const value = custom.get(id);
    if (value === undefined) continue;
    const text = JSON.stringify(value);
    const comma = byKey === '' ? '' : ',';
    byKey += `${comma}${jsonKey}:${text}`;
    byId += `${comma}{"definition_id":${id},"value":${text}}`;
  }
  return `"CustomData":{${byKey}},"customDataFieldValues":[${byId}]`;
};

/** A moment as JSON; whoever writes many rows in turn has the same one for most. */
const momentWriter = (): ((epochMs: number | null) => string) => {
  let second = Number.NaN;
  let written = '';
  return (epochMs) => {
    if (epochMs === null) return 'null';
    const asked = Math.floor(epochMs / 1_000);
    if (asked !== second) {
      second = asked;
      written = `"${zuluTimestamp(epochMs)}"`;
    }
    return written;
  };
};

const createdJson = momentWriter();
const updatedJson = momentWriter();
const signInJson = momentWriter();

/** A user as JSON. Lists are most of what a portal sends: put together by hand, at three times the speed. */
export const userJson = (account: Account, version: ListVersion): string => {
  const { person, portal } = account;
  const text = JSON.stringify;
  const username = portal.identifier === 'username' ? `"username":${text(person.username)},` : '';
  const updated = version >= 1 ? `"updated_at":${updatedJson(account.updatedAt)},` : '';
  const timezone = version === 2 ? `"timezone_id":${text(account.timezoneId)},` : '';
  return (
    `{"id":${account.id},"first_name":${text(person.firstName)},"last_name":${text(person.lastName)},` +
    `"email":${text(person.email)},${username}"locale":"${person.language}",` +
    `"created_at":${createdJson(account.createdAt)},${updated}"last_sign_in_at":${signInJson(account.lastSignInAt)},` +
    `"account_expires":${text(account.accountExpires)},"sign_in_count":${account.signInCount},` +
    `"enabled":${account.enabled},${timezone}"user_type":"${account.userType}",${rightsOf(account)},` +
    `${enrolmentsOf(account)},${customDataOf(account)},${linksOf(account)},${NO_POINTS}}`
  );
};

export const inviteJson = (invite: Invite): string =>
  JSON.stringify({
    id: invite.id,
    first_name: invite.firstName,
    last_name: invite.lastName,
    invite_email_address: invite.email,
    ...(invite.portal.identifier === 'username' && { username: invite.username }),
    invite_status: invite.status,
    accept_url: `/accept_invitation/${invite.token}`,
    num_reminders_sent: invite.remindersSent,
    last_reminder_sent_at: moment(invite.lastReminderAt),
    created_at: moment(invite.createdAt),
    accepted_at: moment(invite.acceptedAt),
    expires_at: invite.accountExpires,
    group_id: invite.groupId,
    user_type: invite.userType,
    sf_contact_id: null,
    sf_user_id: null,
    customDataFieldValues: [...invite.custom].map(([definition_id, value]) => ({ definition_id, value })),
  });
