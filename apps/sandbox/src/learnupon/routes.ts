import type { Answer, Call, Outcome } from '../http/call.js';
import { Router } from '../http/router.js';
import type { Portal } from '../world/portal.js';
import type { BudgetLeft } from '../world/rate-budget.js';
import type { World } from '../world/world.js';
import { acceptPage } from './accept-page.js';
import { auditRoutes } from './audit-trails.js';
import { batchRoutes } from './batch.js';
import { bulkRoutes } from './bulk.js';
import { courseRoutes } from './courses.js';
import { enrolmentRoutes } from './enrolments.js';
import { membershipRoutes } from './memberships.js';
import { answerOAuth } from './oauth.js';
import { BAD_JSON, errorAnswer, refusalAnswer } from './answers.js';
import { groupRoutes } from './groups.js';
import { inviteRoutes } from './invites.js';
import { portalRoutes } from './portals.js';
import { isObject, type Json, type PortalHandler } from './request.js';
import { userRoutes } from './users.js';

const routes: Readonly<Record<string, PortalHandler>> = {
  ...userRoutes,
  ...inviteRoutes,
  ...groupRoutes,
  ...membershipRoutes,
  ...courseRoutes,
  ...enrolmentRoutes,
  ...portalRoutes,
  ...bulkRoutes,
  ...batchRoutes,
  ...auditRoutes,
};

const router = new Router(routes);

/** Every call that this LearnUpon has, such as `GET /users/:id`. */
export const learnUponRoutes = Object.keys(routes);

/** Below these, an unknown path is not found; of any other, 401 was seen. */
const RESOURCES = new Set(Object.keys(routes).map((route) => route.split('/')[1]));

const API = /^\/api\/v1(?:\/+([^/]+)(?:\/.*)?)?$/;
const ACCEPT = /^\/accept_invitation\/([0-9a-f]+)\/?$/;

const UNAUTHORISED: Answer = errorAnswer(401, 'Invalid API credentials');

/** JSON objects only; `undefined` for anything else. */
const parseBody = (body: Buffer): Json | undefined => {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** A GET without a body must not say that it sends JSON: measured once, a switch now. */
const saysJsonOfNothing = ({ method, headers, body }: Call, world: World): boolean =>
  method === 'GET' &&
  body.length === 0 &&
  world.switches.getWithJsonContentType === 'refuse' &&
  (headers['content-type'] ?? '').startsWith('application/json');

const perform = (world: World, portal: Portal, call: Call, handler: PortalHandler): Answer => {
  if (saysJsonOfNothing(call, world)) return BAD_JSON;
  const body = parseBody(call.body);
  if (!body) return BAD_JSON;
  try {
    return handler({ ...call, body, realm: world.realm, portal });
  } catch (error) {
    return refusalAnswer(error, world.switches);
  }
};

export const throttledLearnUpon = (retryAfter: string | undefined, status: number): Answer => {
  const answer = errorAnswer(status, 'Rate limit exceeded');
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'Retry-After': retryAfter } };
};

/** The budget is shown with success alone, and not at all where there is none. */
const withBudget = (answer: Answer, { budget }: Portal, { minute, week }: BudgetLeft): Answer => {
  if (answer.status >= 300) return answer;
  return {
    ...answer,
    headers: {
      ...answer.headers,
      ...(budget.perMinute !== null && { 'X-LU-Rate-Limit-Remaining-Minute': String(minute) }),
      ...(budget.perWeek !== null && { 'X-LU-Rate-Limit-Remaining-Week': String(week) }),
    },
  };
};

let requests = 0;

const withRequestId = (answer: Answer): Answer => {
  requests += 1;
  return {
    ...answer,
    headers: { ...answer.headers, 'X-Request-Id': `sandbox-${requests.toString(16).padStart(12, '0')}` },
  };
};

const BEARER = /^Bearer (\S+)$/i;

/** Keys, or a token that an application got: both draw on one budget. */
const mayCall = ({ basicAuth, oauth }: Portal, { headers: { authorization } }: Call, now: number): boolean => {
  if (authorization === undefined) return false;
  const [, token] = BEARER.exec(authorization) ?? [];
  return token === undefined ? authorization === basicAuth : oauth.allows(token, now);
};

const throttled = (world: World, portal: Portal, now: number): Answer => {
  const { learnUponRetryAfter } = world.switches;
  return throttledLearnUpon(
    learnUponRetryAfter ? String(Math.ceil(portal.budget.freeIn(now) / 1_000)) : undefined,
    429,
  );
};

/** Not every wrong path is a 404. */
const unknownPath = (world: World, resource: string | undefined): Answer =>
  RESOURCES.has(resource) || world.switches.unknownPath === 404 ? errorAnswer(404, 'Not found') : UNAUTHORISED;

const answerApi = (
  world: World,
  portal: Portal,
  call: Call,
  resource: string | undefined,
): { answer: Answer; pattern: string } => {
  const now = world.clock.now();
  if (!mayCall(portal, call, now)) return { answer: UNAUTHORISED, pattern: '?' };
  const left = portal.budget.take(now, world.switches.minuteWindow);
  const match = router.find(call.method, call.path.slice('/api/v1'.length));
  const pattern = typeof match === 'string' ? '?' : match.pattern;
  if (!left) return { answer: throttled(world, portal, now), pattern };
  if (typeof match === 'string') return { answer: unknownPath(world, resource), pattern };
  const answer = perform(world, portal, { ...call, params: match.params }, match.handler);
  return { answer: withBudget(answer, portal, left), pattern };
};

const htmlAnswer = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
});

const answerPortal = (world: World, portal: Portal, call: Call): { answer: Answer; pattern: string } => {
  const api = API.exec(call.path);
  if (api) return answerApi(world, portal, call, api[1]);
  const [, token] = ACCEPT.exec(call.path) ?? [];
  if (token !== undefined) {
    const answer = acceptPage(world.realm, portal, call.method, token, call.body.toString());
    return { answer, pattern: '/accept_invitation/:token' };
  }
  const oauth = answerOAuth(portal, call, world.clock.now());
  return oauth
    ? { answer: oauth, pattern: call.path }
    : { answer: htmlAnswer(404, 'The page you were looking for does not exist\n'), pattern: '?' };
};

/** @param name the portal that the host or the path prefix names */
export const answerLearnUpon = (world: World, name: string, call: Call): Outcome => {
  const portal = world.realm.portal(name);
  const { answer, pattern } = portal
    ? answerPortal(world, portal, call)
    : { answer: htmlAnswer(404, 'There is no portal at this address\n'), pattern: '?' };
  return { answer: withRequestId(answer), target: name, pattern };
};
