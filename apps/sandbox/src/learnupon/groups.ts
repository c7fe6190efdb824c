import { jsonAnswer } from '../http/call.js';
import type { Group, GroupManager } from '../world/records.js';
import { errorAnswer, unwrapped } from './answers.js';
import { listAnswer } from './pages.js';
import {
  booleanOf,
  given,
  idIn,
  numberOf,
  textOf,
  unwrap,
  wanted,
  type Json,
  type PortalCall,
  type PortalHandler,
} from './request.js';
import { matchesTitle } from './titles.js';
import { moment } from './wire.js';

const groupOnWire = ({ id, title, description, members, createdAt, updatedAt }: Group): object => ({
  id,
  title,
  description,
  number_of_members: members.size,
  created_at: moment(createdAt),
  updated_at: moment(updatedAt),
});

const listGroups: PortalHandler = (call) =>
  listAnswer(call, 'groups', [...call.portal.groups.values()].filter(matchesTitle(call)), groupOnWire);

/** The groups of one user, under the key `group`. */
export const groupsAnswer = (call: PortalCall, groups: readonly Group[]): ReturnType<PortalHandler> =>
  listAnswer(call, 'group', groups, groupOnWire);

const createGroup: PortalHandler = (call) => {
  const body = unwrap(call, 'Group');
  if (!body) return unwrapped('group');
  const title = textOf(body['title']) ?? '';
  return jsonAnswer({ id: call.realm.groups.create(call.portal, title, textOf(body['description']) ?? '').id });
};

const updateGroup: PortalHandler = (call) => {
  const body = unwrap(call, 'Group');
  if (!body) return unwrapped('group');
  const group = call.realm.groups.get(call.portal, idIn(call));
  call.realm.groups.update(group, {
    ...given('title', textOf(body['title'])),
    ...given('description', textOf(body['description'])),
  });
  return jsonAnswer({ id: group.id });
};

const deleteGroup: PortalHandler = (call) => {
  const group = call.realm.groups.get(call.portal, idIn(call));
  call.realm.groups.remove(group, booleanOf(call.body['delete_enrollments']) ?? false);
  return jsonAnswer({});
};

const managerOnWire = ({ id, group, account, canCreateUsers, createdAt }: GroupManager): object => ({
  id,
  group_id: group.id,
  group_title: group.title,
  description: group.description,
  can_create_users: canCreateUsers,
  number_of_members: group.members.size,
  number_of_courses: [...group.portal.groupCourses.values()].filter((each) => each.group === group).length,
  user_id: account.id,
  email: account.person.email,
  first_name: account.person.firstName,
  last_name: account.person.lastName,
  created_at: moment(createdAt),
  updated_at: moment(createdAt),
});

const listManagers: PortalHandler = (call) => {
  const [groupId, userId] = [wanted(call, 'group_id'), wanted(call, 'user_id')];
  const email = call.query.get('email')?.toLowerCase();
  const managers = [...call.portal.managers.values()].filter(
    ({ group, account }) =>
      (groupId === undefined || group.id === groupId) &&
      (userId === undefined || account.id === userId) &&
      (email === undefined || account.person.email?.toLowerCase() === email),
  );
  return listAnswer(call, 'group_manager', managers, managerOnWire);
};

/** The group and the account that a body names. */
export const groupAndAccount = ({ realm, portal }: PortalCall, body: Json) => ({
  group: realm.groups.get(portal, numberOf(body['group_id']) ?? -1),
  account: realm.accounts.own(portal, realm.accounts.get(portal, numberOf(body['user_id']) ?? -1)),
});

/** Whoever is named: without the user type manager it has no effect, and nothing says so. */
const createManager: PortalHandler = (call) => {
  const body = unwrap(call, 'GroupManager');
  if (!body) return unwrapped('group manager');
  const { group, account } = groupAndAccount(call, body);
  const { id, createdAt } = call.realm.groups.manage(group, account, booleanOf(body['can_create_users']) ?? false);
  return jsonAnswer({ id, created_at: moment(createdAt) });
};

const deleteManager: PortalHandler = (call) =>
  call.portal.managers.delete(idIn(call)) ? jsonAnswer({}) : errorAnswer(404, 'Group manager not found');

export const groupRoutes: Readonly<Record<string, PortalHandler>> = {
  'GET /groups': listGroups,
  'POST /groups': createGroup,
  'PUT /groups/:id': updateGroup,
  'DELETE /groups/:id': deleteGroup,
  'GET /group_managers': listManagers,
  'POST /group_managers': createManager,
  'DELETE /group_managers/:id': deleteManager,
};
