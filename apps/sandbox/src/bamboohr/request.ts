import type { Answer, Call } from '../http/call.js';
import type { ApiUser } from '../world/api-users.js';
import type { Employee } from '../world/employee.js';
import type { World } from '../world/world.js';
import { emptyError } from './answers.js';
import { takeSnapshot, type Snapshot } from './snapshot.js';

export type Version = 'v1' | 'v1_1' | 'v1_2' | 'v2';

/** A call of BambooHR with good credentials. */
export interface BambooCall extends Call {
  readonly world: World;
  readonly version: Version;
  /** Up to and with `/api` or the gateway's company: what a `Location` begins with. */
  readonly base: string;
  readonly user: ApiUser;
  /** Of an OAuth token; none for an API key. */
  readonly scopes: ReadonlySet<string> | undefined;
  /** Aliases of fields that the caller may not see. */
  readonly hidden: ReadonlySet<string>;
}

export type BambooHandler = (call: BambooCall) => Answer;

export const snapshotOf = ({ world }: BambooCall, employee: Employee, onlyCurrent: boolean): Snapshot =>
  takeSnapshot(world.company, employee, onlyCurrent ? world.company.today() : undefined, world.switches);

export const onlyCurrentOf = ({ query }: BambooCall): boolean =>
  !['false', '0'].includes(query.get('onlyCurrent')?.toLowerCase() ?? '');

export const visibleEmployees = ({ world, user }: BambooCall): Generator<Employee> =>
  world.company.visibleTo(user.profile);

export const isVisible = ({ user }: BambooCall, { id }: Employee): boolean => !user.profile.hiddenEmployees.has(id);

export const EMPLOYEE_NOT_FOUND: Answer = emptyError(404, 'Employee not found, Employee not found');

/** The employee that the path names, or the answer that BambooHR gives instead. */
export const employeeInPath = (call: BambooCall): Employee | Answer => {
  const { world, params, user } = call;
  const given = /^\d{1,15}$/.test(params['id'] ?? '') ? Number(params['id']) : undefined;
  // 0 is the employee linked to the key, where there is one.
  const employee = given === undefined ? undefined : world.company.find(given === 0 ? user.employeeId : given);
  if (!employee) return EMPLOYEE_NOT_FOUND;
  return isVisible(call, employee) ? employee : emptyError(403, 'You do not have access to this employee');
};

export const isAnswer = (value: object): value is Answer => 'status' in value && typeof value.status === 'number';

const ISO_WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Milliseconds since 1970, or undefined for what is no ISO 8601 moment with a zone. A bare `+` in a URL arrives as a blank. */
export const parseSince = (text: string | null): number | undefined => {
  if (text === null || !ISO_WITH_ZONE.test(text)) return undefined;
  const epochMs = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(epochMs) ? undefined : epochMs;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether this is a day of the calendar, `YYYY-MM-DD`. */
export const isDay = (text: string): boolean =>
  DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value of whatever kind as a text; what somebody sent may have a toString of its own. */
export const textFrom = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** The same as a number, NaN for what is none. */
export const numberFrom = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;

/** The body as JSON; undefined when it is none. */
export const parseJson = ({ body }: Call): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

export const jsonObjectIn = (call: Call): JsonObject | undefined => {
  const value = parseJson(call);
  return isObject(value) ? value : undefined;
};

/** A whole number in the query within bounds; the default where it is absent or no such number. */
export const wholeNumberIn = (query: URLSearchParams, name: string, normal: number, most = Number.MAX_SAFE_INTEGER) => {
  const value = Number(query.get(name) ?? normal);
  return Number.isSafeInteger(value) && value >= 1 ? Math.min(value, most) : normal;
};
