import type { Answer, Call, Outcome } from '../http/call.js';
import { Router } from '../http/router.js';
import type { World } from '../world/world.js';
import { emptyError, unauthorised } from './answers.js';
import { changedEmployees, changedTable } from './changed.js';
import { directory } from './directory.js';
import { getEmployee } from './get-employee.js';
import { listEmployees } from './list-employees.js';
import { companyInformation, metaFields, metaLists, metaTables } from './meta.js';
import { customReport } from './report.js';
import type { BambooHandler } from './request.js';
import { employeeTable } from './tables.js';

const ROUTES: Readonly<Record<string, BambooHandler>> = {
  'GET /employees': listEmployees,
  'GET /employees/directory': directory,
  'GET /employees/changed': changedEmployees,
  'GET /employees/changed/tables/:table': changedTable,
  'GET /employees/:id': getEmployee,
  'GET /employees/:id/tables/:table': employeeTable,
  'POST /reports/custom': customReport,
  'GET /meta/fields': metaFields,
  'GET /meta/tables': metaTables,
  'GET /meta/lists': metaLists,
  'GET /company_information': companyInformation,
};

const router = new Router(ROUTES);

export const BAMBOOHR = 'bamboohr';

const VERSIONED = /^\/(v1|v1_1)(\/.*)?$/;
const GATEWAY = /^\/api\/gateway\.php\/([^/]+)(\/.*)$/;

/** Company and versioned path of a call, of either URL form. */
const locate = (host: string | undefined, path: string): { company: string; path: string } | undefined => {
  const [, company, rest] = GATEWAY.exec(path) ?? [];
  if (company !== undefined && rest !== undefined) return { company, path: rest };
  return host !== undefined && path.startsWith('/api/')
    ? { company: host, path: path.slice('/api'.length) }
    : undefined;
};

/** The key is the user name of Basic; any password will do. */
const hasKey = ({ headers }: Call, apiKey: string): boolean => {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (encoded === undefined) return false;
  return Buffer.from(encoded, 'base64').toString().split(':')[0] === apiKey;
};

let requests = 0;

const withRequestId = (answer: Answer): Answer => {
  requests += 1;
  return { ...answer, headers: { ...answer.headers, 'x-request-id': String(17_000_000_000_000 + requests) } };
};

/** @param host the company that the host or the path prefix names, where one does */
export const answerBambooHr = (world: World, host: string | undefined, call: Call): Outcome => {
  const done = (answer: Answer, pattern: string): Outcome => ({
    answer: withRequestId(answer),
    target: BAMBOOHR,
    pattern,
  });
  const located = locate(host, call.path);
  const [, version, path] = VERSIONED.exec(located?.path ?? '') ?? [];
  if (!located || located.company !== world.company.name || version === undefined)
    return done(emptyError(404, 'Not found'), '?');
  if (!hasKey(call, world.company.apiKey)) return done(unauthorised(located.company), '?');
  const match = router.find(call.method, path ?? '/');
  if (match === 'path') return done(emptyError(404, 'Not found'), '?');
  if (match === 'method') return done(emptyError(405, 'Method not allowed'), '?');
  const { hiddenFields } = world.company.profile;
  const hidden =
    call.trouble.hiddenFields.length === 0 ? hiddenFields : new Set([...hiddenFields, ...call.trouble.hiddenFields]);
  return done(match.handler({ ...call, params: match.params, world, hidden }), match.pattern);
};

const RATE_LIMITED = 'Rate limit exceeded';

/** What a throttled call gets: 429, or the 503 of old; always with Retry-After unless the fault says otherwise. */
export const throttledBambooHr = (retryAfter: string | undefined, status: number): Answer => {
  const answer = emptyError(status, RATE_LIMITED);
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
};
