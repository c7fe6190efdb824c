import { jsonAnswer, type Answer, type Call } from '../http/call.js';
import { Router } from '../http/router.js';
import { CompanyError } from '../world/company.js';
import { RealmRefusal } from '../world/user-input.js';
import type { World } from '../world/world.js';
import { BadRequest, clearError, type ControlCall, type ControlHandler } from './answers.js';
import { conditionRoutes } from './conditions.js';
import { keyRoutes } from './keys.js';
import { controlDocument } from './openapi/document.js';
import { overviewRoutes } from './overview.js';
import { pageFile } from './page-files.js';
import { lifeRoutes } from './life.js';
import { peopleRoutes } from './people.js';
import { portalRoutes } from './portals.js';
import { realmRoutes } from './realm.js';
import { tableRoutes } from './tables.js';
import { webhookRoutes } from './webhooks.js';

const routes: Readonly<Record<string, ControlHandler>> = {
  ...peopleRoutes,
  ...lifeRoutes,
  ...tableRoutes,
  ...keyRoutes,
  ...webhookRoutes,
  ...portalRoutes,
  ...realmRoutes,
  ...overviewRoutes,
  ...conditionRoutes,
};

/** Every control call but the page: each is described in `openapi/`. */
export const controlRoutes = Object.keys(routes);

const index: ControlHandler = ({ headers, origin }) =>
  (headers.accept ?? '').includes('text/html')
    ? pageFile('index.html')
    : jsonAnswer({ calls: controlRoutes, openapi: `${origin}/_sandbox/openapi.json` });

const router = new Router<ControlHandler>({
  ...routes,
  'GET /': index,
  'GET /openapi.json': ({ origin }) => jsonAnswer(controlDocument(`${origin}/_sandbox`)),
  'GET /page/:file': ({ params }) => pageFile(params['file'] ?? ''),
});

const bodyOf = (body: Buffer): ControlCall['body'] => {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ControlCall['body'];
  } catch {
    // Said below.
  }
  throw new BadRequest('the body is one JSON object');
};

const errorOf = (error: unknown): Answer => {
  if (error instanceof CompanyError) return clearError(error.code === 'not-found' ? 404 : 409, error.message);
  if (error instanceof RealmRefusal) return clearError(error.code === 'not-found' ? 404 : 409, error.message);
  if (error instanceof BadRequest || error instanceof RangeError) return clearError(400, error.message);
  throw error;
};

/** The control API: what happens in the company, in the portals and to the calls. */
export const answerControl = (world: World, origin: string, call: Call): Answer => {
  const match = router.find(call.method, call.path);
  if (match === 'path') return clearError(404, 'unknown: GET /_sandbox lists the calls');
  if (match === 'method') return clearError(405, `${call.method} is not for this path: GET /_sandbox lists the calls`);
  try {
    return match.handler({ ...call, params: match.params, world, origin, body: bodyOf(call.body) });
  } catch (error) {
    return errorOf(error);
  }
};
