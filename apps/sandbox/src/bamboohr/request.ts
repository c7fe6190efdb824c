import type { Answer, Call } from '../http/call.js';
import type { Employee } from '../world/employee.js';
import type { World } from '../world/world.js';
import { emptyError } from './answers.js';
import { takeSnapshot, type Snapshot } from './snapshot.js';

/** A call of BambooHR with the right key. */
export interface BambooCall extends Call {
  readonly world: World;
  /** Aliases of fields that the key may not see. */
  readonly hidden: ReadonlySet<string>;
}

export type BambooHandler = (call: BambooCall) => Answer;

export const snapshotOf = ({ world }: BambooCall, employee: Employee, onlyCurrent: boolean): Snapshot =>
  takeSnapshot(world.company, employee, onlyCurrent ? world.company.today() : undefined, world.switches);

export const onlyCurrentOf = ({ query }: BambooCall): boolean =>
  !['false', '0'].includes(query.get('onlyCurrent')?.toLowerCase() ?? '');

export const EMPLOYEE_NOT_FOUND: Answer = emptyError(404, 'Employee not found, Employee not found');

/** The employee that the path names, or the answer that BambooHR gives instead. */
export const employeeInPath = ({ world, params }: BambooCall): Employee | Answer => {
  // 0 is the employee linked to the key; this key has none.
  const id = /^\d+$/.test(params['id'] ?? '') ? Number(params['id']) : 0;
  const employee = world.company.find(id);
  if (!employee) return EMPLOYEE_NOT_FOUND;
  return world.company.isVisible(employee) ? employee : emptyError(403, 'You do not have access to this employee');
};

export const isAnswer = (value: object): value is Answer => 'status' in value && typeof value.status === 'number';

const ISO_WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Milliseconds since 1970, or undefined for what is no ISO 8601 moment with a zone. A bare `+` in a URL arrives as a blank. */
export const parseSince = (text: string | null): number | undefined => {
  if (text === null || !ISO_WITH_ZONE.test(text)) return undefined;
  const epochMs = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(epochMs) ? undefined : epochMs;
};
