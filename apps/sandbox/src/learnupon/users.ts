import { jsonAnswer, type Answer } from '../http/call.js';
import { LINKS, RIGHTS, type Account, type Right } from '../world/records.js';
import type { UserInput } from '../world/user-input.js';
import { errorAnswer, unwrapped } from './answers.js';
import { listAnswer, pageAnswer } from './pages.js';
import {
  booleanOf,
  given,
  idIn,
  isObject,
  nullable,
  textOf,
  unwrap,
  type Json,
  type PortalCall,
  type PortalHandler,
} from './request.js';
import { listVersionOf, userJson } from './wire.js';

const pick = <Name extends string, Value>(
  names: readonly Name[],
  of: (name: Name) => Value | undefined,
): Partial<Record<Name, Value>> | undefined => {
  const found = names.flatMap((name) => {
    const value = of(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return found.length > 0 ? (Object.fromEntries(found) as Partial<Record<Name, Value>>) : undefined;
};

const RIGHT_NAMES = Object.keys(RIGHTS) as Right[];

const userInput = (body: Json): UserInput => ({
  ...given('email', nullable(body, 'email')),
  ...given('username', nullable(body, 'username')),
  ...given('newEmail', textOf(body['new_email'])),
  ...given('newUsername', textOf(body['new_username'])),
  ...given('firstName', nullable(body, 'first_name')),
  ...given('lastName', nullable(body, 'last_name')),
  ...given('password', nullable(body, 'password')),
  ...given('language', textOf(body['language'])),
  ...given('enabled', booleanOf(body['enabled'])),
  ...given('userType', textOf(body['user_type'])),
  ...given('accountExpires', nullable(body, 'account_expires')),
  ...given('timezoneId', nullable(body, 'timezone_id')),
  ...given('changePasswordOnFirstLogin', booleanOf(body['change_password_on_first_login'])),
  ...given(
    'rights',
    pick(RIGHT_NAMES, (name) => booleanOf(body[name])),
  ),
  ...given(
    'links',
    pick(LINKS, (name) => textOf(body[name])),
  ),
  ...given('customData', isObject(body['CustomData']) ? body['CustomData'] : undefined),
});

const definitionsJson = ({ portal }: PortalCall): string => JSON.stringify(portal.definitionsOnWire());

/** The definitions come before the users, and lists spell their key wrong. */
const listUsers = (call: PortalCall, accounts: readonly Account[]): Answer => {
  const version = listVersionOf(call.query.get('version_id'));
  const key =
    call.realm.switches.definitionsKey === 'right' ? 'customDataFieldDefinitions' : 'customDataFieldDefintions';
  const head = `{"${key}":${definitionsJson(call)},"user":[`;
  return pageAnswer(call, accounts, (account) => userJson(account, version), head);
};

const getUsers: PortalHandler = (call) => {
  const accounts = call.realm.accounts.list(call.portal);
  const enabled = booleanOf(call.query.get('login_enabled'));
  return listUsers(call, enabled === undefined ? accounts : accounts.filter((account) => account.enabled === enabled));
};

/** Any other key than these two is ignored, and then everybody is listed. */
const searchUsers: PortalHandler = (call) => {
  const { query, realm, portal } = call;
  const email = query.get('email');
  const username = query.get('username');
  if (email === null && username === null) return listUsers(call, realm.accounts.list(portal));
  const account = realm.accounts.find(portal, { email, username: portal.identifier === 'username' ? username : null });
  const isListed = account && (realm.switches.listLagSeconds === 0 || realm.accounts.list(portal).includes(account));
  return isListed ? listUsers(call, [account]) : errorAnswer(404, 'User not found');
};

const getUser: PortalHandler = (call) => {
  const account = call.realm.accounts.get(call.portal, idIn(call));
  const user = userJson(account, listVersionOf(call.query.get('version_id')));
  // Awards come with a read by id only.
  return pageless(`{"customDataFieldDefinitions":${definitionsJson(call)},"user":[${user.slice(0, -1)},"awards":[]}]}`);
};

const pageless = (body: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});

const createUser: PortalHandler = (call) => {
  const body = unwrap(call, 'User');
  if (!body) return unwrapped('user');
  return jsonAnswer({ id: call.realm.accounts.create(call.portal, userInput(body)).id });
};

/** With 0 for an id, e-mail or username say who is meant, and only new_email and new_username change them. */
const updateByIdentifier = ({ realm, portal }: PortalCall, body: Json): Answer => {
  const { email, username, ...input } = userInput(body);
  const account = realm.accounts.find(portal, {
    email: email ?? null,
    username: portal.identifier === 'username' ? (username ?? null) : null,
  });
  if (!account) return errorAnswer(404, 'User not found');
  realm.accounts.update(realm.accounts.own(portal, account), input);
  return jsonAnswer({ id: account.id });
};

const ownAccount = ({ realm, portal, params }: PortalCall): Account =>
  realm.accounts.own(portal, realm.accounts.get(portal, idIn({ params })));

const updateUser: PortalHandler = (call) => {
  const body = unwrap(call, 'User');
  if (!body) return unwrapped('user');
  if (idIn(call) === 0) return updateByIdentifier(call, body);
  const account = ownAccount(call);
  call.realm.accounts.update(account, userInput(body));
  return jsonAnswer({ id: account.id });
};

const deleteUser: PortalHandler = (call) => {
  call.realm.accounts.remove(ownAccount(call));
  return jsonAnswer({});
};

/** Says so and does nothing when the body is wrapped, as seen; LearnUpon documents no other use. */
const patchUser: PortalHandler = (call) =>
  unwrap(call, 'User') ? jsonAnswer({ success: 'ok' }) : errorAnswer(404, 'Not found');

/** Whoever may instruct. `instructor_pm_id` is the number of a portal membership, which is seen nowhere else. */
const listInstructors: PortalHandler = (call) => {
  const mayInstruct = ({ userType, rights }: Account): boolean =>
    userType === 'instructor' || (userType === 'manager' && rights?.can_act_as_instructor === true);
  return listAnswer(call, 'instructor_users', call.realm.accounts.list(call.portal).filter(mayInstruct), (account) => ({
    id: account.id,
    username: account.person.username ?? '',
    email: account.person.email,
    first_name: account.person.firstName,
    last_name: account.person.lastName,
    instructor_pm_id: account.id + 2_000_000,
    user_type: account.userType,
  }));
};

export const userRoutes: Readonly<Record<string, PortalHandler>> = {
  'GET /users': getUsers,
  'GET /users/search': searchUsers,
  'GET /users/customuserdata': (call) => pageless(`{"customDataFieldDefinitions":${definitionsJson(call)}}`),
  'GET /users/instructor_users': listInstructors,
  'GET /users/:id': getUser,
  'POST /users': createUser,
  'PUT /users/:id': updateUser,
  'PATCH /users/:id': patchUser,
  'DELETE /users/:id': deleteUser,
};
