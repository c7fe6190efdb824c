import { jsonAnswer } from '../http/call.js';
import { CUSTOM_TYPES, readKey, type CustomType } from '../world/custom-data.js';
import type { CustomFieldSpec, Portal } from '../world/portal.js';
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

type Body = ControlCall['body'];

export const portalNamed = (world: ControlCall['world'], name: string): Portal => {
  const portal = world.realm.portal(name);
  if (!portal)
    throw new BadRequest(
      `no portal is named ${name}: there are ${world.realm.portals.map((each) => each.name).join(', ')}`,
    );
  return portal;
};

export const portalOnWire = (portal: Portal): object => ({
  portal: portal.name,
  title: portal.title,
  topLevel: portal.topLevel,
  identifier: portal.identifier,
  sso: portal.sso,
  customFields: portal.definitions.map(({ id, label, type, choices }) => ({ id, label, type, choices })),
  accounts: portal.accounts.length,
  openInvites: [...portal.pendingInvites.values()].reduce((total, { size }) => total + size, 0),
  licencesUsed: portal.licencesUsed,
  licences: portal.licences,
  ratePerMinute: portal.budget.perMinute,
  ratePerWeek: portal.budget.perWeek,
});

const TYPES = Object.keys(CUSTOM_TYPES) as CustomType[];

const customFieldIn = (value: unknown): CustomFieldSpec => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequest('"customFields" is a list of objects with a label');
  const field = value as Body;
  onlyKeys(field, ['label', 'type', 'choices']);
  const label = textIn(field, 'label')?.trim() ?? '';
  if (label === '') throw new BadRequest('each of "customFields" has a "label"');
  const type = wordIn(field, 'type', TYPES) ?? 'string';
  const choices = textsIn(field, 'choices') ?? [];
  if (type.endsWith('-choice') !== choices.length > 0)
    throw new BadRequest(`${label}: "choices" go with the types that end in -choice`);
  return { label, type, choices };
};

/** @throws BadRequest for two fields of one name, or another type for one that is there: LearnUpon can't do that either */
const customFieldsIn = (body: Body, portal: Portal): CustomFieldSpec[] | undefined => {
  const given = body['customFields'];
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) throw new BadRequest('"customFields" is a list of objects with a label');
  const fields = given.map(customFieldIn);
  const keys = fields.map(({ label }) => readKey(label));
  if (new Set(keys).size < keys.length) throw new BadRequest('two of "customFields" have the same label');
  for (const { label, type } of fields) {
    const known = portal.definitions.find(({ key }) => key === readKey(label));
    if (known && known.type !== type) throw new BadRequest(`the type of ${label} stays ${known.type}`);
  }
  return fields;
};

const identifierIn = (body: Body, portal: Portal): Portal['identifier'] => {
  const identifier = wordIn(body, 'identifier', ['email', 'username'] as const) ?? portal.identifier;
  const hasLearners = portal.accounts.some(({ userType }) => userType !== 'admin') || portal.pendingInvites.size > 0;
  if (identifier !== portal.identifier && hasLearners)
    throw new BadRequest('"identifier" is chosen before a portal has users or invites');
  return identifier;
};

const limitIn = (body: Body, key: string, current: number | null): number | null =>
  body[key] === null ? null : (numberIn(body, key) ?? current);

const KEYS = ['identifier', 'sso', 'customFields', 'licences', 'ratePerMinute', 'ratePerWeek'];

/** What LearnUpon's staff, or an admin in the portal's settings, change: there is no call of its API for it. */
const changePortal: ControlHandler = ({ world, params, body }) => {
  onlyKeys(body, KEYS);
  const portal = portalNamed(world, params['portal'] ?? '');
  const { budget } = portal;
  const customFields = customFieldsIn(body, portal);
  const change = {
    identifier: identifierIn(body, portal),
    sso: flagIn(body, 'sso') ?? portal.sso,
    licences: limitIn(body, 'licences', portal.licences),
  };
  const rates = {
    perMinute: limitIn(body, 'ratePerMinute', budget.perMinute),
    perWeek: limitIn(body, 'ratePerWeek', budget.perWeek),
  };
  Object.assign(portal, change);
  Object.assign(budget, rates);
  if (customFields) portal.define(customFields);
  return jsonAnswer(portalOnWire(portal));
};

/** A new OAuth application of a portal. */
const addApp: ControlHandler = ({ world, params, body }) => {
  onlyKeys(body, ['redirectUri']);
  const redirectUri = textIn(body, 'redirectUri') ?? '';
  if (!URL.canParse(redirectUri)) throw new BadRequest('"redirectUri" is a URL');
  return jsonAnswer(portalNamed(world, params['portal'] ?? '').oauth.register(redirectUri), 201);
};

/** What an admin does under Settings > Integrations > API Keys: the old pair is dead. */
const generateKeys: ControlHandler = ({ world, params }) => {
  const portal = portalNamed(world, params['portal'] ?? '');
  return jsonAnswer({ portal: portal.name, ...world.realm.generateKeys(portal) });
};

export const portalRoutes: Readonly<Record<string, ControlHandler>> = {
  'GET /portals': ({ world }) => jsonAnswer({ portals: world.realm.portals.map(portalOnWire) }),
  'POST /portals/:portal': changePortal,
  'POST /portals/:portal/keys': generateKeys,
  'POST /portals/:portal/apps': addApp,
};
