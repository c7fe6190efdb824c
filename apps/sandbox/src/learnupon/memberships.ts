import { jsonAnswer } from '../http/call.js';
import type { Account, Group } from '../world/records.js';
import { errorAnswer, unwrapped } from './answers.js';
import { groupAndAccount, groupsAnswer } from './groups.js';
import { listAnswer } from './pages.js';
import { booleanOf, idIn, numberOf, unwrap, wanted, type PortalCall, type PortalHandler } from './request.js';
import { moment } from './wire.js';

interface Member {
  readonly id: number;
  readonly account: Account;
}

const memberOnWire = ({ id, account: { person, portal, createdAt } }: Member): object => ({
  id,
  first_name: person.firstName,
  last_name: person.lastName,
  email: person.email,
  ...(portal.identifier === 'username' && { username: person.username }),
  created_at: moment(createdAt),
  locale: person.language,
});

/** With version_id 1.1 a row's `id` is the membership's, without it the user's. */
const membersOf = ({ query }: PortalCall, { members }: Group): Member[] => {
  const showsMembership = query.get('version_id') === '1.1';
  return [...members].map(([account, id]) => ({ id: showsMembership ? id : account.id, account }));
};

const listMemberships: PortalHandler = (call) => {
  const { portal, realm } = call;
  const groupId = wanted(call, 'group_id');
  if (groupId !== undefined)
    return listAnswer(call, 'user', membersOf(call, realm.groups.get(portal, groupId)), memberOnWire);
  const userId = wanted(call, 'user_id');
  if (userId === undefined) return errorAnswer(404, 'Group membership not found');
  const account = realm.accounts.get(portal, userId);
  return groupsAnswer(
    call,
    [...portal.groups.values()].filter(({ members }) => members.has(account)),
  );
};

const createMembership: PortalHandler = (call) => {
  const body = unwrap(call, 'GroupMembership');
  if (!body) return unwrapped('group membership');
  const { group, account } = groupAndAccount(call, body);
  return jsonAnswer({ id: call.realm.groups.join(group, account, booleanOf(body['process_enrollments']) ?? true) });
};

/** The membership that the path's number or, with 0, the body names. */
const findMembership = (call: PortalCall): { group: Group; account: Account } | undefined => {
  const id = idIn(call);
  if (id === 0) {
    const body = unwrap(call, 'GroupMembership') ?? {};
    const group = call.portal.groups.get(numberOf(body['group_id']) ?? -1);
    const account = call.portal.accountsById.get(numberOf(body['user_id']) ?? -1);
    return group && account && group.members.has(account) ? { group, account } : undefined;
  }
  for (const group of call.portal.groups.values())
    for (const [account, membershipId] of group.members) if (membershipId === id) return { group, account };
  return undefined;
};

/** Enrolments stay unless the body, wrapped or not, asks otherwise. */
const deleteMembership: PortalHandler = (call) => {
  const found = findMembership(call);
  if (!found) return errorAnswer(404, 'Group membership not found');
  const body = { ...call.body, ...unwrap(call, 'GroupMembership') };
  call.realm.groups.leave(found.group, found.account, booleanOf(body['process_unenrollments']) ?? false);
  return jsonAnswer({});
};

export const membershipRoutes: Readonly<Record<string, PortalHandler>> = {
  'GET /group_memberships': listMemberships,
  'POST /group_memberships': createMembership,
  'DELETE /group_memberships/:id': deleteMembership,
};
