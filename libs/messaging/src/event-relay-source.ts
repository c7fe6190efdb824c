import { distinctSql } from './distinct-sql.js';
import type { PublishedRow, RelaySource } from './relay-source.js';
import { sqlName, type Sql } from './sql.js';

export interface Outbox {
  readonly table: string;
  /** The service's name, for `ce-source`. */
  readonly sourceName: string;
}

interface OutboxRow {
  readonly position: string;
  readonly id: string;
  readonly subject: string;
  readonly type: string;
  readonly time: Date | string;
  readonly body: string;
  readonly traceparent: string | null;
}

/** The table of append-only events, with its index; statements for the service's migration. */
export const outboxTableSql = (table = 'outbox'): readonly string[] => [
  `create table if not exists ${sqlName(table)} (
    position bigint generated always as identity primary key,
    tenant text not null,
    id text not null unique,
    subject text not null,
    type text not null,
    time timestamptz not null,
    event jsonb not null,
    traceparent text
  )`,
  `create index if not exists ${sqlName(`${table.replace('.', '_')}_waiting`)} on ${table} (tenant, position)`,
];

const waitingSql = (table: string): string => `
  select position, id, subject, type, time, body, traceparent
  from (${distinctSql(table, 'tenant')}) tenants
  cross join lateral (
    select position::text, id, subject, type, time, event::text as body, traceparent,
           row_number() over (order by oldest.position) as turn
    from (select * from ${table} where tenant = tenants.value order by position limit $1) oldest
  ) waiting
  order by turn, position::bigint
  limit $1`;

/** Event rows: published in the order of each tenant, deleted once they are in the stream. */
export const eventRelaySource = (sql: Sql, { table, sourceName }: Outbox): RelaySource => {
  const waiting = waitingSql(sqlName(table));
  return {
    pools: () => Promise.resolve([undefined]),
    waiting: async (_pool, limit) => {
      const rows = await sql<OutboxRow>(waiting, [limit]);
      return rows.map(({ position, id, subject, type, time, body, traceparent }) => ({
        subject,
        body,
        event: {
          id,
          type,
          source: sourceName,
          time: new Date(time).toISOString(),
          ...(traceparent === null ? {} : { traceparent }),
        },
        key: [position],
      }));
    },
    mark: async (published: readonly PublishedRow[]) => {
      await sql(`delete from ${table} where position = any($1::bigint[])`, [published.map(({ row }) => row.key[0])]);
    },
  };
};
