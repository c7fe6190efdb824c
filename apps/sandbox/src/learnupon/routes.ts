import type { Answer, Call, Outcome } from '../http/call.js';
import { Router } from '../http/router.js';
import type { Portal } from '../world/portal.js';
import type { BudgetLeft } from '../world/rate-budget.js';
import type { World } from '../world/world.js';
import { acceptPage } from './accept-page.js';
import { BAD_JSON, errorAnswer, refusalAnswer } from './answers.js';
import { groupRoutes } from './groups.js';
import { inviteRoutes } from './invites.js';
import { portalRoutes } from './portals.js';
import { isObject, type Json, type PortalHandler } from './request.js';
import { userRoutes } from './users.js';

const router = new Router<PortalHandler>({ ...userRoutes, ...inviteRoutes, ...groupRoutes, ...portalRoutes });

/** Below these, an unknown path is not found; any other counts as not allowed, as was seen. */
const RESOURCES = [
  'users',
  'group_invites',
  'portal_invite',
  'groups',
  'group_memberships',
  'portals',
  'courses',
  'enrollments',
];

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
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
};

/** The budget is shown with success alone, and not at all where there is none. */
const withBudget = (answer: Answer, { budget }: Portal, { minute, week }: BudgetLeft): Answer => {
  if (answer.status >= 300) return answer;
  return {
    ...answer,
    headers: {
      ...answer.headers,
      ...(budget.perMinute !== null && { 'x-lu-rate-limit-remaining-minute': String(minute) }),
      ...(budget.perWeek !== null && { 'x-lu-rate-limit-remaining-week': String(week) }),
    },
  };
};

let requests = 0;

const withRequestId = (answer: Answer): Answer => {
  requests += 1;
  return {
    ...answer,
    headers: { ...answer.headers, 'x-request-id': `sandbox-${requests.toString(16).padStart(12, '0')}` },
  };
};

const answerApi = (
  world: World,
  portal: Portal,
  call: Call,
  resource: string | undefined,
): { answer: Answer; pattern: string } => {
  if (call.headers.authorization !== portal.basicAuth) return { answer: UNAUTHORISED, pattern: '?' };
  const now = world.clock.now();
  const left = portal.budget.take(now, world.switches.minuteWindow);
  const match = router.find(call.method, call.path.slice('/api/v1'.length));
  const pattern = typeof match === 'string' ? '?' : match.pattern;
  if (!left) {
    const retryAfter = world.switches.learnUponRetryAfter
      ? String(Math.ceil(portal.budget.freeIn(now) / 1_000))
      : undefined;
    return { answer: throttledLearnUpon(retryAfter, 429), pattern };
  }
  if (typeof match === 'string') {
    const isKnown = resource !== undefined && RESOURCES.includes(resource);
    return { answer: isKnown ? errorAnswer(404, 'Not found') : UNAUTHORISED, pattern };
  }
  return {
    answer: withBudget(perform(world, portal, { ...call, params: match.params }, match.handler), portal, left),
    pattern,
  };
};

/** @param name the portal that the host or the path prefix names */
export const answerLearnUpon = (world: World, name: string, call: Call): Outcome => {
  const done = (answer: Answer, pattern: string): Outcome => ({ answer: withRequestId(answer), target: name, pattern });
  const portal = world.realm.portal(name);
  if (!portal) return done({ status: 404, headers: { 'content-type': 'text/html' }, body: 'No such portal\n' }, '?');
  const [, token] = ACCEPT.exec(call.path) ?? [];
  if (token !== undefined)
    return done(acceptPage(world.realm, portal, call.method, token), '/accept_invitation/:token');
  const api = API.exec(call.path);
  if (!api) return done({ status: 404, headers: { 'content-type': 'text/html' }, body: 'Not found\n' }, '?');
  const { answer, pattern } = answerApi(world, portal, call, api[1]);
  return done(answer, pattern);
};
