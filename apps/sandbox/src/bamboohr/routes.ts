import type { Answer, Call, Outcome } from '../http/call.js';
import { Router } from '../http/router.js';
import type { ApiUser } from '../world/api-users.js';
import type { World } from '../world/world.js';
import { COMMON_HEADERS, emptyError, rateLimited } from './answers.js';
import { authenticate, type Caller } from './auth/authenticate.js';
import { answerOAuth } from './auth/oauth-pages.js';
import { isCovered, isDenied, showsGroup } from './auth/scopes.js';
import { CATALOGUE } from './field-catalogue.js';
import { locateCall, type Located } from './locate.js';
import { OPERATIONS, type Operation } from './operations.js';
import { isAnswer } from './request.js';

export const BAMBOOHR = 'bamboohr';

export const throttledBambooHr = rateLimited;

const VERSIONS = ['v1', 'v1_1', 'v1_2', 'v2'] as const;

const routers = new Map(
  VERSIONS.map((version) => {
    const known = Object.entries(OPERATIONS).filter(([, { versions }]) => versions.includes(version));
    return [version, new Router<Operation>(Object.fromEntries(known))];
  }),
);

const NOT_FOUND = emptyError(404, 'Not found');

/** Reports of a client say 404, others a page with 200; neither is documented. */
const wrongCompany = ({ switches }: World): Answer =>
  switches.wrongCompany === 'not-found'
    ? NOT_FOUND
    : {
        status: 200,
        headers: { 'content-type': 'text/html; charset=UTF-8' },
        body: '<!DOCTYPE html><html><head><title>BambooHR</title></head><body>No such company</body></html>',
      };

const hiddenFrom = ({ user, scopes }: Caller, { trouble }: Call): ReadonlySet<string> => {
  const { hiddenFields } = user.profile;
  if (trouble.hiddenFields.length === 0 && scopes === undefined) return hiddenFields;
  const beyondScopes = CATALOGUE.filter(({ group }) => !showsGroup(group, scopes)).map(({ alias }) => alias);
  return new Set([...hiddenFields, ...trouble.hiddenFields, ...beyondScopes]);
};

const mayCall = ({ profile }: ApiUser, { scopes, writes }: Operation): boolean =>
  !isDenied(scopes, profile) && !(writes && profile.readOnly);

interface Routed {
  readonly answer: Answer;
  readonly pattern: string;
}

const route = (world: World, call: Call, located: Located): Routed => {
  const caller = authenticate(world, call, located.byGateway);
  if (isAnswer(caller)) return { answer: caller, pattern: '?' };
  const match = routers.get(located.version)?.find(call.method, located.path) ?? 'path';
  if (match === 'path') return { answer: NOT_FOUND, pattern: '?' };
  if (match === 'method') return { answer: emptyError(405, 'Method not allowed'), pattern: '?' };
  const { handler: operation, pattern } = match;
  const isOpen = isCovered(operation.scopes, caller.scopes) && mayCall(caller.user, operation);
  if (!isOpen) return { answer: emptyError(403, 'You do not have access to this resource'), pattern };
  const { company, version, byGateway } = located;
  const base = byGateway
    ? `https://api.bamboohr.com/api/gateway.php/${company}`
    : `https://${company}.bamboohr.com/api`;
  const hidden = hiddenFrom(caller, call);
  const answer = operation.handler({ ...call, ...caller, params: match.params, world, version, base, hidden });
  return { answer, pattern };
};

let requests = 0;

const withCommonHeaders = (answer: Answer): Answer => {
  requests += 1;
  const requestId = String(17_000_000_000_000 + requests);
  return { ...answer, headers: { ...COMMON_HEADERS, ...answer.headers, 'x-request-id': requestId } };
};

/** @param host the company that the host or the path prefix names, where one does */
export const answerBambooHr = (world: World, host: string | undefined, call: Call): Outcome => {
  const finish = ({ answer, pattern }: Routed): Outcome => ({
    answer: withCommonHeaders(answer),
    target: BAMBOOHR,
    pattern,
  });
  const oauth = host === world.company.name ? answerOAuth(world, call) : undefined;
  if (oauth) return finish({ answer: oauth, pattern: call.path });
  const located = locateCall(host, call.path);
  if (!located) return finish({ answer: NOT_FOUND, pattern: '?' });
  if (located.company !== world.company.name) return finish({ answer: wrongCompany(world), pattern: '?' });
  return finish(route(world, call, located));
};
