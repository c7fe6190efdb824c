import { zuluTimestamp } from '../world/clock.js';
import type { Account, Group, Invite } from '../world/records.js';

/** version_id 1.1 adds updated_at, 1.2 timezone_id too. */
export type ListVersion = 0 | 1 | 2;

export const listVersionOf = (text: string | null): ListVersion => (text === '1.1' ? 1 : text === '1.2' ? 2 : 0);

const moment = (epochMs: number | null): string | null => (epochMs === null ? null : zuluTimestamp(epochMs));

/** An object's JSON without its braces, to be joined with more. */
const members = (object: object): string => JSON.stringify(object).slice(1, -1);

/** The same for everybody here: written once, since lists are most of what a portal sends. */
const RIGHTS = members({
  can_enroll: true,
  can_unenroll_users: false,
  can_mark_complete: false,
  can_move_groups: false,
  can_delete_users: false,
  can_act_as_instructor: false,
  can_manage_trainings: false,
  can_manage_sessions: false,
  tutor_can_edit_their_courses: true,
  tutor_can_create_courses: false,
  number_of_enrollments: 0,
  number_of_enrollments_accessed: 0,
});
const EXTRAS = members({
  membership_type: 'Member',
  number_of_points: 0,
  number_of_badges: 0,
  sf_contact_id: null,
  sf_user_id: null,
  is_salesforce_contact: false,
});

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
  return `{${own},${RIGHTS},${customDataOf(account)},${EXTRAS}}`;
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

export const groupOnWire = ({ id, title, description, members, createdAt, updatedAt }: Group): object => ({
  id,
  title,
  description,
  number_of_members: members.size,
  created_at: moment(createdAt),
  updated_at: moment(updatedAt),
});
