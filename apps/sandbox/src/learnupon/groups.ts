import { jsonAnswer } from '../http/call.js';
import { keepRows } from '../world/faults.js';
import { errorAnswer, unwrapped } from './answers.js';
import { pageAnswer } from './pages.js';
import { idIn, textOf, unwrap, type PortalCall, type PortalHandler } from './request.js';
import type { Account, Group } from '../world/records.js';
import { groupOnWire, userJson } from './wire.js';

const listGroups: PortalHandler = (call) => {
  const title = call.query.get('title')?.toLowerCase();
  const groups = [...call.portal.groups.values()].filter(
    (group) => title === undefined || group.title.toLowerCase().includes(title),
  );
  return pageAnswer(call, groups, (group) => JSON.stringify(groupOnWire(group)), '{"groups":[');
};

const createGroup: PortalHandler = (call) => {
  const body = unwrap(call, 'Group');
  if (!body) return unwrapped('group');
  return jsonAnswer({
    id: call.realm.groups.create(call.portal, textOf(body['title']) ?? '', textOf(body['description']) ?? '').id,
  });
};

const numberIn = (text: string | null | undefined): number => (text && /^\d+$/.test(text) ? Number(text) : -1);

/** With version_id 1.1 a row's `id` is the membership's, without it the user's. */
const membersOf = ({ query }: PortalCall, group: Group): string[] => {
  const members = [...group.members];
  if (query.get('version_id') !== '1.1') return members.map(([account]) => userJson(account, 0));
  return members.map(
    ([account, membershipId]) => `{"id":${membershipId},${userJson(account, 0).replace(/^\{"id":\d+,/, '')}`,
  );
};

const listMemberships: PortalHandler = (call) => {
  const { query, portal, realm } = call;
  if (query.has('group_id')) {
    const group = portal.groups.get(numberIn(query.get('group_id')));
    return group
      ? pageAnswer(call, membersOf(call, group), (row) => row, '{"user":[')
      : errorAnswer(404, 'Group not found');
  }
  if (!query.has('user_id')) return errorAnswer(404, 'Group membership not found');
  const account = realm.accounts.get(portal, numberIn(query.get('user_id')));
  const groups = [...portal.groups.values()].filter(({ members }) => members.has(account));
  return jsonAnswer({ group: keepRows(groups, call.trouble).map(groupOnWire) });
};

const createMembership: PortalHandler = (call) => {
  const body = unwrap(call, 'GroupMembership');
  if (!body) return unwrapped('group membership');
  const group = call.portal.groups.get(numberIn(textOf(body['group_id'])));
  if (!group) return errorAnswer(404, 'Group not found');
  const account = call.realm.accounts.get(call.portal, numberIn(textOf(body['user_id'])));
  return jsonAnswer({ id: call.realm.groups.join(group, account) });
};

/** The membership that the path's number or, with 0, the body names. */
const findMembership = (call: PortalCall): { group: Group; account: Account } | undefined => {
  const wanted = idIn(call);
  const body = unwrap(call, 'GroupMembership') ?? {};
  for (const group of call.portal.groups.values()) {
    for (const [account, id] of group.members) {
      const isNamed =
        wanted === 0 &&
        group.id === numberIn(textOf(body['group_id'])) &&
        account.id === numberIn(textOf(body['user_id']));
      if (isNamed || id === wanted) return { group, account };
    }
  }
  return undefined;
};

const deleteMembership: PortalHandler = (call) => {
  const found = findMembership(call);
  if (!found) return errorAnswer(404, 'Group membership not found');
  found.group.members.delete(found.account);
  return jsonAnswer({});
};

export const groupRoutes: Readonly<Record<string, PortalHandler>> = {
  'GET /groups': listGroups,
  'POST /groups': createGroup,
  'GET /group_memberships': listMemberships,
  'POST /group_memberships': createMembership,
  'DELETE /group_memberships/:id': deleteMembership,
};
