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
  const set = portal.definitions.filter(({ id }) => custom.has(id));
  if (set.length === 0) return '"CustomData":null,"customDataFieldValues":[]';
  const byKey = Object.fromEntries(set.map(({ id, key }) => [key, custom.get(id)]));
  const byId = set.map(({ id }) => ({ definition_id: id, value: custom.get(id) }));
  return members({ CustomData: byKey, customDataFieldValues: byId });
};

const writeUser = (account: Account, version: ListVersion): string => {
  const { person, portal } = account;
  const own = members({
    id: account.id,
    first_name: person.firstName,
    last_name: person.lastName,
    email: person.email,
    ...(portal.identifier === 'username' && { username: person.username }),
    locale: person.language,
    created_at: moment(account.createdAt),
    ...(version >= 1 && { updated_at: moment(account.updatedAt) }),
    last_sign_in_at: moment(account.lastSignInAt),
    account_expires: account.accountExpires,
    sign_in_count: account.signInCount,
    enabled: account.enabled,
    ...(version === 2 && { timezone_id: account.timezoneId }),
    user_type: account.userType,
  });
  return `{${own},${rightsOf(account)},${enrolmentsOf(account)},${customDataOf(account)},${linksOf(account)},${NO_POINTS}}`;
};

/** A user as JSON, kept until the account changes. */
export const userJson = (account: Account, version: ListVersion): string => {
  const known = account.json[version];
  if (known !== undefined) return known;
  const json = writeUser(account, version);
  account.json[version] = json;
  return json;
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
