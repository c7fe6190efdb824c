import type { EmployeeRow } from './bamboohr.client.js';
import { malformed } from './classify-failure.js';
import { keyOf, valuesOf } from './normalise.js';
import type { ArrivingList } from './read-body.js';
import { fieldIdsIn, idOf, isObject, parseReport, type Json } from './wire.js';

export interface ReportBatch {
  readonly rows: readonly EmployeeRow[];
  readonly returned: readonly string[];
}

/** Beyond these, values are mostly each person's own. */
const MOST_SHARED = 50_000;

/** Requested field → its key in a row. */
type Columns = ReadonlyMap<string, string>;

/**
 * Makes rows of a report while it arrives. What a row's keys mean stands in `fields`; where that comes after the rows,
 * they wait for it whole.
 */
export class ReportReader {
  private readonly rows: EmployeeRow[] = [];
  private waiting: unknown[] = [];
  private columns: Columns | undefined;
  private readonly shared = new Map<string, string>();

  constructor(
    private readonly operation: string,
    private readonly requested: readonly string[],
  ) {}

  readonly list: ArrivingList = {
    key: 'employees',
    take: (items, before) => {
      const fieldIds = fieldIdsIn(before);
      this.columns ??= fieldIds && columnsOf(this.requested, fieldIds);
      if (this.columns === undefined) this.waiting = this.waiting.concat(items);
      else this.add(items, this.columns);
    },
  };

  /** @param answer without the rows that were taken */
  finish(answer: unknown): ReportBatch {
    const { fieldIds, employees } = parseReport(this.operation, answer);
    const columns = this.columns ?? columnsOf(this.requested, fieldIds);
    this.add(this.waiting, columns);
    this.add(employees, columns);
    return { rows: this.rows, returned: [...columns.keys()] };
  }

  private add(items: readonly unknown[], columns: Columns): void {
    for (const item of items) if (isObject(item)) this.rows.push(this.toRow(item, columns));
  }

  private toRow(item: Json, columns: Columns): EmployeeRow {
    const employeeId = idOf(item['id']);
    if (employeeId === undefined) throw malformed(this.operation, 'a row that has no employee id');
    const values = this.valuesOf(item, columns);
    for (const field in values) values[field] = this.share(values[field] ?? null);
    return { employeeId, values };
  }

  private valuesOf(item: Json, columns: Columns): Record<string, string | null> {
    try {
      return valuesOf(item, columns);
    } catch {
      // What is nested without end can be read, and not written as text.
      throw malformed(this.operation, 'a value that is nested too deeply');
    }
  }

  /** A company says the same few texts again and again: departments, titles, days. Each of them is kept once. */
  private share(text: string | null): string | null {
    if (text === null) return null;
    const same = this.shared.get(text);
    if (same === undefined && this.shared.size < MOST_SHARED) this.shared.set(text, text);
    return same ?? text;
  }
}

/** Those of the requested fields that are among the keys. */
export const columnsOf = (requested: readonly string[], keys: readonly string[]): Columns => {
  const known = new Set(keys);
  return new Map(requested.flatMap((field) => toEntry(field, keyOf(field, known))));
};

const toEntry = (field: string, key: string | undefined): [string, string][] =>
  key === undefined ? [] : [[field, key]];
