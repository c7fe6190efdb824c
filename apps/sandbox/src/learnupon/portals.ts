import { jsonAnswer } from '../http/call.js';
import type { Portal, PortalLooks } from '../world/portal.js';
import type { PortalChange } from '../world/realm.js';
import { MEMBERSHIP_TYPES } from '../world/records.js';
import { errorAnswer, unwrapped } from './answers.js';
import { listAnswer } from './pages.js';
import {
  booleanOf,
  given,
  idIn,
  nullable,
  numberOf,
  textOf,
  unwrap,
  type Json,
  type PortalCall,
  type PortalHandler,
} from './request.js';
import { matchesTitle } from './titles.js';
import { moment } from './wire.js';

const portalOnWire = ({ id, title, name, licences, licencesUsed, accounts, looks, ...portal }: Portal): object => ({
  id,
  title,
  subdomain: name,
  description: looks.description,
  ui_theme: 'default',
  allow_course_authoring: looks.allowCourseAuthoring,
  number_licenses_purchased: licences,
  number_licenses_used: licencesUsed,
  number_of_members: accounts.length,
  logo_image_url: looks.logoImageUrl,
  header_color: looks.headerColor,
  navigation_color: looks.navigationColor,
  created_at: moment(portal.createdAt),
  updated_at: moment(portal.updatedAt),
});

/** The sub-portals of the calling portal; a sub-portal has none. */
const listPortals: PortalHandler = (call) => {
  const portals = call.portal.topLevel ? call.realm.portals.filter(({ topLevel }) => !topLevel) : [];
  return listAnswer(call, 'portals', portals.filter(matchesTitle(call)), portalOnWire);
};

const looksIn = (body: Json): Partial<PortalLooks> => ({
  ...given('description', textOf(body['description'])),
  ...given('allowCourseAuthoring', booleanOf(body['allow_course_authoring'])),
  ...given('logoImageUrl', nullable(body, 'logo_image_url')),
  ...given('headerColor', textOf(body['header_color'])),
  ...given('navigationColor', textOf(body['navigation_color'])),
});

const changeIn = (body: Json): PortalChange => ({
  ...given('title', textOf(body['title'])),
  ...given('licences', numberOf(body['number_licenses_purchased'])),
  looks: looksIn(body),
});

/** Only the top-level portal has sub-portals to look after. */
const forTopLevel =
  (handler: PortalHandler): PortalHandler =>
  (call) =>
    call.portal.topLevel ? handler(call) : errorAnswer(404, 'Portal not found');

const createPortal: PortalHandler = (call) => {
  const body = unwrap(call, 'Portal');
  if (!body) return unwrapped('portal');
  const subdomain = textOf(body['subdomain']) ?? '';
  const copy = booleanOf(body['copy_from_parent']) ?? false;
  return jsonAnswer({ id: call.realm.addPortal(subdomain, textOf(body['title']) ?? '', copy, changeIn(body)).id });
};

const updatePortal: PortalHandler = (call) => {
  const body = unwrap(call, 'Portal');
  if (!body) return unwrapped('portal');
  const portal = call.realm.subPortal(idIn(call));
  call.realm.changePortal(portal, changeIn(body));
  return jsonAnswer({ id: portal.id });
};

const deletePortal: PortalHandler = (call) => {
  call.realm.removePortal(call.realm.subPortal(idIn(call)));
  return jsonAnswer({});
};

/** GET, as documented, or POST, as in use; either way the old pair is dead afterwards. */
const generateKeys = (call: PortalCall): ReturnType<PortalHandler> => {
  const portal = call.realm.subPortal(idIn(call));
  const keys = { id: portal.id, ...call.realm.generateKeys(portal) };
  return jsonAnswer({ portal: call.realm.switches.generatedKeys === 'array' ? [keys] : keys });
};

export const portalRoutes: Readonly<Record<string, PortalHandler>> = {
  'GET /portals': listPortals,
  'POST /portals': forTopLevel(createPortal),
  'PUT /portals/:id': forTopLevel(updatePortal),
  'DELETE /portals/:id': forTopLevel(deletePortal),
  'GET /portals/:id/generate_keys': forTopLevel(generateKeys),
  'POST /portals/:id/generate_keys': forTopLevel(generateKeys),
  'GET /portals/membership_types': () => jsonAnswer({ membership_types: MEMBERSHIP_TYPES }),
};
