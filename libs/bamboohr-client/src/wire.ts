import { EMPLOYEE_ID } from '@portico/contracts';
import { malformed } from './classify-failure.js';
import type { ChangedAction, ChangedEmployee, ChangedFeed, EmploymentStatusRow } from './bamboohr.client.js';

export type Json = Readonly<Record<string, unknown>>;

/** The answer of `POST /v1/reports/custom`. */
export interface ReportWire {
  readonly fieldIds: readonly string[];
  readonly employees: readonly unknown[];
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Ids are text in most answers and numbers in some. `undefined` for what is no id. */
export const idOf = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && EMPLOYEE_ID.test(text) ? text : undefined;
};

export const parseReport = (operation: string, value: unknown): ReportWire => {
  const fieldIds = fieldIdsIn(value);
  if (fieldIds === undefined || !isObject(value) || !Array.isArray(value['employees'])) {
    throw malformed(operation, 'no report');
  }
  return { fieldIds, employees: value['employees'] as readonly unknown[] };
};

/** `undefined` where a report does not say, or not yet, which fields it has. */
export const fieldIdsIn = (report: unknown): readonly string[] | undefined => {
  if (!isObject(report) || !Array.isArray(report['fields'])) return undefined;
  return (report['fields'] as readonly unknown[]).flatMap((field) => {
    const id = isObject(field) ? field['id'] : undefined;
    return typeof id === 'string' || typeof id === 'number' ? [String(id)] : [];
  });
};

export const parseEmployee = (operation: string, value: unknown): Json => {
  if (!isObject(value)) throw malformed(operation, 'no employee');
  return value;
};

const ACTIONS: Readonly<Record<string, ChangedAction>> = {
  inserted: 'inserted',
  updated: 'updated',
  deleted: 'deleted',
};

/** `employees` is a map by id, and may be an empty list where nobody changed. */
export const parseChanged = (operation: string, value: unknown): ChangedFeed => {
  if (!isObject(value)) throw malformed(operation, 'no list of changes');
  const employees: unknown = value['employees'] ?? [];
  if (typeof employees !== 'object' || employees === null) throw malformed(operation, 'no list of changes');
  const { latest } = value;
  return {
    ...(isMoment(latest) ? { latest } : {}),
    changes: Object.entries(employees).flatMap(([key, entry]) => changeOf(key, entry)),
  };
};

/** What is not understood counts as an update: it only causes a read. */
const changeOf = (key: string, entry: unknown): ChangedEmployee[] => {
  if (!isObject(entry)) return [];
  const employeeId = idOf(entry['id']) ?? idOf(key);
  const at = entry['lastChanged'];
  if (employeeId === undefined || !isMoment(at)) return [];
  return [{ employeeId, action: ACTIONS[String(entry['action']).toLowerCase()] ?? 'updated', at }];
};

const isMoment = (value: unknown): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value));

/** The count of the list of employees; `undefined` where the answer has none. */
export const rosterTotalIn = (value: unknown): number | undefined => {
  const meta = isObject(value) ? value['meta'] : undefined;
  const total = isObject(meta) ? meta['total'] : undefined;
  return typeof total === 'number' && Number.isInteger(total) && total >= 0 ? total : undefined;
};

export const parseEmploymentRows = (operation: string, value: unknown): readonly EmploymentStatusRow[] => {
  if (!Array.isArray(value)) throw malformed(operation, 'no table');
  return (value as readonly unknown[]).filter(isObject).flatMap(({ date, employmentStatus }) => {
    const isRow = typeof date === 'string' && typeof employmentStatus === 'string' && employmentStatus !== '';
    return isRow && date !== '0000-00-00' ? [{ date, status: employmentStatus }] : [];
  });
};
