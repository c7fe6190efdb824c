import type { MikroORM } from '@mikro-orm/postgresql';
import type { Metrics } from '@portico/service-kit';
import { sqlOf } from './sql.js';

/** A gauge with one value for each row of a query. */
export interface RowGauge {
  /** Without `portico_`. */
  readonly name: string;
  readonly help: string;
  /** Columns of the query that are labels; the column `value` is the value. */
  readonly labels: readonly string[];
  readonly sql: string;
  readonly params?: () => readonly unknown[];
}

type Row = Readonly<Record<string, string>> & { readonly value: number };

const labelsOf = (row: Row, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? '']));

/** Asks at each scrape. What has no row any more is gone from the answer. */
export const rowGauges = (metrics: Metrics, orm: MikroORM, gauges: readonly RowGauge[]): void => {
  for (const { name, help, labels, sql, params } of gauges) {
    const gauge = metrics.gauge(name, help, labels);
    metrics.beforeScrape(async () => {
      const rows = await sqlOf(orm.em.fork())<Row>(sql, params?.() ?? []);
      gauge.reset();
      for (const row of rows) gauge.set(labelsOf(row, labels), row.value);
    });
  }
};

/**
 * Rows of each table that meet the condition, which the table's index of unpublished rows answers.
 * @param batches tables of nothing but what waits, whose rows are of many `events` each: those are counted.
 */
export const unpublishedRows = (
  tables: Readonly<Record<string, string>>,
  batches: readonly string[] = [],
): RowGauge => ({
  name: 'rows_unpublished',
  help: 'Rows that wait for the relay; of a table of batches, events.',
  labels: ['table'],
  sql: [
    ...Object.entries(tables).map(
      ([table, condition]) => `select '${table}' as "table", count(*)::int as value from ${table} where ${condition}`,
    ),
    ...batches.map((table) => `select '${table}' as "table", coalesce(sum(events), 0)::int as value from ${table}`),
  ].join(' union all '),
});
