import { pageAnswer } from './pages.js';
import { jsonAnswer } from '../http/call.js';
import type { Portal } from '../world/portal.js';
import { MEMBERSHIP_TYPES } from '../world/records.js';
import type { PortalHandler } from './request.js';

const portalOnWire = ({ id, title, name, licences, accounts, createdAt }: Portal): object => ({
  id,
  title,
  subdomain: name,
  description: '',
  ui_theme: 'default',
  allow_course_authoring: true,
  number_licenses_purchased: licences,
  number_licenses_used: accounts.length,
  number_of_members: accounts.length,
  logo_image_url: null,
  header_color: null,
  navigation_color: null,
  created_at: createdAt,
  updated_at: createdAt,
});

/** The sub-portals of the calling portal; a sub-portal has none. */
const listPortals: PortalHandler = (call) => {
  const title = call.query.get('title')?.toLowerCase();
  const portals = call.portal.topLevel ? call.realm.portals.filter(({ topLevel }) => !topLevel) : [];
  const wanted = title === undefined ? portals : portals.filter((portal) => portal.title.toLowerCase().includes(title));
  return pageAnswer(call, wanted, (portal) => JSON.stringify(portalOnWire(portal)), '{"portals":[');
};

export const portalRoutes: Readonly<Record<string, PortalHandler>> = {
  'GET /portals': listPortals,
  'GET /portals/membership_types': () => jsonAnswer({ membership_types: MEMBERSHIP_TYPES }),
};
