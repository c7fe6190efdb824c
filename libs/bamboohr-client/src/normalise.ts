import type { EmployeeRow } from './bamboohr.client.js';

/**
 * BambooHR writes "not set" in four ways (null, an empty text, a day of zeros, an empty list) and a boolean as itself in
 * reports and as text elsewhere.
 */
export const normaliseValue = (value: unknown): string | null => {
  if (value === null || value === undefined || value === '' || value === '0000-00-00') return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(String).join(', ');
  return JSON.stringify(value);
};

/** A field asked for by its number comes back as `<number>.<column>`. */
export const keyOf = (field: string, keys: ReadonlySet<string>): string | undefined => {
  if (keys.has(field)) return field;
  return /^\d+$/.test(field) ? [...keys].find((key) => key.startsWith(`${field}.`)) : undefined;
};

/** The wanted fields of one row, by the names that were asked for. A key that is not there stays unknown. */
export const valuesOf = (
  row: Readonly<Record<string, unknown>>,
  wanted: ReadonlyMap<string, string>,
): Record<string, string | null> => {
  const values: Record<string, string | null> = {};
  for (const [field, key] of wanted) if (key in row) values[field] = normaliseValue(row[key]);
  return values;
};

/** Rows by id, each with the fields of all batches; and the ids that one batch had twice with different values. */
export const mergeRows = (
  batches: readonly (readonly EmployeeRow[])[],
): { readonly rows: readonly EmployeeRow[]; readonly ambiguousIds: number } => {
  if (batches.length === 1 && batches[0] !== undefined) {
    const { rows, ambiguous } = uniqueRows(batches[0]);
    return { rows: [...rows.values()], ambiguousIds: ambiguous.size };
  }
  const merged = new Map<string, EmployeeRow>();
  const twice = new Set<string>();
  for (const batch of batches) {
    const { rows, ambiguous } = uniqueRows(batch);
    for (const [id, row] of rows) {
      merged.set(id, { employeeId: id, values: { ...merged.get(id)?.values, ...row.values } });
    }
    for (const id of ambiguous) twice.add(id);
  }
  return { rows: [...merged.values()], ambiguousIds: twice.size };
};

const uniqueRows = (batch: readonly EmployeeRow[]) => {
  const rows = new Map<string, EmployeeRow>();
  const ambiguous = new Set<string>();
  for (const row of batch) {
    const other = rows.get(row.employeeId);
    if (other !== undefined && JSON.stringify(other.values) !== JSON.stringify(row.values)) {
      ambiguous.add(row.employeeId);
    }
    rows.set(row.employeeId, row);
  }
  return { rows, ambiguous };
};
