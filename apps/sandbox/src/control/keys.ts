import { jsonAnswer } from '../http/call.js';
import type { ApiUser, PermissionProfile, ProfileChange } from '../world/api-users.js';
import { fieldNamed } from '../bamboohr/fields.js';
import {
  BadRequest,
  flagIn,
  numberIn,
  onlyKeys,
  textIn,
  textsIn,
  wordIn,
  type ControlCall,
  type ControlHandler,
} from './answers.js';

const PROFILE_KEYS = ['hiddenFields', 'hiddenEmployees', 'hiddenTables', 'directory', 'deniedScopes', 'readOnly'];
const DIRECTORIES = ['shared', 'org-chart', 'off'] as const;

const idsIn = (body: ControlCall['body'], key: string): Set<number> | undefined => {
  const ids = textsIn(body, key)?.map(Number);
  if (ids?.some((id) => !Number.isInteger(id))) throw new BadRequest(`"${key}" is a list of employee ids`);
  return ids && new Set(ids);
};

/** A field has one permission, by whichever of its names it is hidden. */
const aliasesIn = (body: ControlCall['body'], key: string): Set<string> | undefined => {
  const names = textsIn(body, key);
  return names && new Set(names.map((name) => fieldNamed(name)?.alias ?? name));
};

const setOf = (texts: readonly string[] | undefined): Set<string> | undefined => texts && new Set(texts);

const profileIn = ({ body }: ControlCall): ProfileChange => {
  const change = {
    hiddenFields: aliasesIn(body, 'hiddenFields'),
    hiddenEmployees: idsIn(body, 'hiddenEmployees'),
    hiddenTables: setOf(textsIn(body, 'hiddenTables')),
    directory: wordIn(body, 'directory', DIRECTORIES),
    deniedScopes: setOf(textsIn(body, 'deniedScopes')),
    readOnly: flagIn(body, 'readOnly'),
  };
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as ProfileChange;
};

const profileOnWire = (profile: PermissionProfile): object => ({
  hiddenFields: [...profile.hiddenFields],
  hiddenEmployees: [...profile.hiddenEmployees].map(String),
  hiddenTables: [...profile.hiddenTables],
  directory: profile.directory,
  deniedScopes: [...profile.deniedScopes],
  readOnly: profile.readOnly,
});

const userOnWire = (user: ApiUser): object => {
  const { id, firstName, lastName, email, apiKey, employeeId, enabled, pending } = user;
  const changes = pending === undefined ? {} : { changesAfterCalls: pending.callsLeft };
  const who = { id: String(id), firstName, lastName, email, apiKey, employeeId: String(employeeId), enabled };
  return { ...who, ...profileOnWire(user.profile), ...changes };
};

type UserChange = (user: ApiUser) => void;

/** Rights change now, or after so many more calls: in the middle of a read. @throws BadRequest before anything changes */
const profileChange = (call: ControlCall): UserChange => {
  const change = profileIn(call);
  const callsLeft = numberIn(call.body, 'afterCalls');
  if (callsLeft === undefined) return ({ profile }) => void Object.assign(profile, change);
  if (!Number.isInteger(callsLeft) || callsLeft < 0) throw new BadRequest('"afterCalls" is a whole number from 0');
  return (user) => {
    user.pending = { callsLeft, change };
  };
};

const ownerOf = ({ world }: ControlCall): ApiUser => {
  const [owner] = world.company.users.all();
  if (!owner) throw new BadRequest('the company has no users');
  return owner;
};

const userInPath = ({ world, params }: ControlCall): ApiUser => {
  const user = world.company.users.find(Number(params['id']));
  if (!user) throw new BadRequest(`there is no key ${params['id'] ?? ''}: see GET /bamboohr/keys`);
  return user;
};

/** An employee's id as a text or a number; 0 is nobody. */
const employeeIdIn = (body: ControlCall['body']): number | undefined => {
  const given = body['employeeId'];
  if (given === undefined) return undefined;
  const id = typeof given === 'number' ? given : Number(textIn(body, 'employeeId')?.trim() || Number.NaN);
  if (!Number.isSafeInteger(id) || id < 0) throw new BadRequest('"employeeId" is the id of an employee, or 0');
  return id;
};

/** @throws BadRequest before anything changes */
const userChange = (call: ControlCall): UserChange => {
  const employeeId = employeeIdIn(call.body);
  const enabled = flagIn(call.body, 'enabled');
  const changeRights = profileChange(call);
  return (user) => {
    changeRights(user);
    user.employeeId = employeeId ?? user.employeeId;
    user.enabled = enabled ?? user.enabled;
  };
};

const USER_KEYS = [...PROFILE_KEYS, 'employeeId', 'enabled', 'afterCalls'];

/** A user with a key of their own. */
const addKey: ControlHandler = (call) => {
  const { body, world } = call;
  onlyKeys(body, ['firstName', 'lastName', 'email', ...USER_KEYS]);
  const firstName = textIn(body, 'firstName') ?? 'API';
  const lastName = textIn(body, 'lastName') ?? `User ${world.company.users.all().length + 1}`;
  const made = `${firstName}.${lastName}`.toLowerCase().replace(/[^a-z0-9.]/g, '');
  const email = textIn(body, 'email') ?? `${made}@${world.company.name}.example`;
  const change = userChange(call);
  const user = world.company.users.add({ firstName, lastName, email, apiKey: world.random.hex(40) });
  change(user);
  return jsonAnswer(userOnWire(user), 201);
};

const changeKey: ControlHandler = (call) => {
  onlyKeys(call.body, USER_KEYS);
  const user = userInPath(call);
  userChange(call)(user);
  return jsonAnswer(userOnWire(user));
};

/** What the first user's key may see. */
const setProfile: ControlHandler = (call) => {
  onlyKeys(call.body, [...PROFILE_KEYS, 'afterCalls']);
  profileChange(call)(ownerOf(call));
  return jsonAnswer(profileOnWire(ownerOf(call).profile));
};

const clientOnWire = ({
  clientId,
  clientSecret,
  redirectUris,
}: ReturnType<ControlCall['world']['oauth']['register']>) => ({
  clientId,
  clientSecret,
  redirectUris,
});

const addClient: ControlHandler = ({ world, body }) => {
  onlyKeys(body, ['redirectUris']);
  const redirectUris = textsIn(body, 'redirectUris') ?? [];
  if (redirectUris.length === 0 || !redirectUris.every((uri) => URL.canParse(uri)))
    throw new BadRequest('"redirectUris" is a list of at least one URL');
  return jsonAnswer(clientOnWire(world.oauth.register(redirectUris)), 201);
};

/** What a user's "Allow" would give, without the page. */
const allow: ControlHandler = ({ world, body }) => {
  onlyKeys(body, ['clientId', 'redirectUri', 'scope', 'user']);
  const client = world.oauth.client(textIn(body, 'clientId') ?? '');
  if (!client) throw new BadRequest('"clientId" is none of GET /bamboohr/clients');
  const redirectUri = textIn(body, 'redirectUri') ?? client.redirectUris[0] ?? '';
  if (!client.redirectUris.includes(redirectUri)) throw new BadRequest('"redirectUri" is not registered');
  const users = world.company.users.all();
  const user = body['user'] === undefined ? users[0] : users.find(({ id }) => String(id) === String(body['user']));
  if (!user) throw new BadRequest('"user" is none of GET /bamboohr/keys');
  const scopes = new Set((textIn(body, 'scope') ?? '').split(/\s+/).filter((scope) => scope !== ''));
  return jsonAnswer({ code: world.oauth.allow({ clientId: client.clientId, user, scopes }, redirectUri) }, 201);
};

export const keyRoutes: Readonly<Record<string, ControlHandler>> = {
  'GET /profile': (call) => jsonAnswer(profileOnWire(ownerOf(call).profile)),
  'POST /profile': setProfile,
  'GET /bamboohr/keys': ({ world }) => jsonAnswer({ keys: world.company.users.all().map(userOnWire) }),
  'POST /bamboohr/keys': addKey,
  'POST /bamboohr/keys/:id': changeKey,
  'GET /bamboohr/clients': ({ world }) => jsonAnswer({ clients: world.oauth.all().map(clientOnWire) }),
  'POST /bamboohr/clients': addClient,
  'POST /bamboohr/codes': allow,
};
