import { distinctSql } from './distinct-sql.js';
import type { EventHead } from './event-batches.js';
import type { Outbox } from './event-relay-source.js';
import type { PublishedRow, RelayRow, RelaySource } from './relay-source.js';
import { sqlName, type Sql } from './sql.js';

interface BatchRow {
  readonly tenant: string;
  readonly position: string;
  readonly heads: string;
  readonly bodies: string;
}

const sameRow = (one: string, other: string): string =>
  `${one}.tenant = ${other}.tenant and ${one}.position = ${other}.position`;

/**
 * Whole rows, until they have as many events as are asked for; what the others hold is not even looked at. A few rows may be
 * all that is asked for, so it goes on after the tenant that had the last turn, and the next tenant has its own in any case:
 * of a row that is all that is asked for, perhaps nothing can go.
 */
const waitingSql = (table: string): string => `
  select tenant, position::text, heads, bodies
  from (
    select tenant, position, place, turn, sum(events) over (order by place) - events as events_before
    from (
      select tenant, position, events, turn, row_number() over (order by turn, tenant <= $2, tenant) as place
      from (${distinctSql(table, 'tenant')}) tenants
      cross join lateral (
        select tenant, position, events, row_number() over (order by oldest.position) as turn
        from (
          select tenant, position, events from ${table} where tenant = tenants.value order by position limit $1
        ) oldest
      ) of_tenant
    ) narrow
  ) waiting
  cross join lateral (
    select heads, bodies from ${table} batch where ${sameRow('batch', 'waiting')} limit 1
  ) batch
  where events_before < $1 or (turn = 1 and place = 2)
  order by place`;

/** As they are once nobody else works on them; in one order, so that no two relays wait for each other. */
const lockedSql = (table: string, columns: string): string => `
  select tenant, position, ${columns}
  from ${table} batch join unnest($1::text[], $2::bigint[]) as named(tenant, position) using (tenant, position)
  order by tenant, position
  for update of batch`;

const deleteSql = (table: string): string => `
  with locked as materialized (${lockedSql(table, 'events')})
  delete from ${table} batch using locked where ${sameRow('batch', 'locked')}`;

/** The rest of what is there under the lock, so that nothing comes back that another relay has cut off meanwhile. */
const cutSql = (table: string): string => `
  with locked as materialized (${lockedSql(table, 'heads, bodies')}),
  rest as (
    select tenant, position, count(*)::int as events,
      '[' || string_agg(head::text, ',' order by place) || ']' as heads,
      string_agg(body, E'\\n' order by place) as bodies
    from locked cross join lateral rows from (
      json_array_elements(heads::json), string_to_table(bodies, E'\\n')
    ) with ordinality as event(head, body, place)
    where not exists (select from unnest($3::text[]) as published(id) where id = head ->> 'id')
    group by tenant, position
  ),
  used_up as (
    delete from ${table} batch using locked
    where ${sameRow('batch', 'locked')} and not exists (select from rest where ${sameRow('rest', 'locked')})
  )
  update ${table} batch set events = rest.events, heads = rest.heads, bodies = rest.bodies
  from rest where ${sameRow('batch', 'rest')}`;

/** What Portico did not leave like that is a fault of its row alone. */
const unreadable = ({ table, sourceName }: Outbox, { tenant, position }: BatchRow): RelayRow => ({
  fault: new Error(`row ${position} of ${table} is no batch of events`),
  subject: '',
  body: '',
  event: { id: '', type: '', source: sourceName, time: '' },
  key: [tenant, position, '1'],
});

const toRelayRows = (outbox: Outbox, batch: BatchRow): readonly RelayRow[] => {
  const bodies = batch.bodies.split('\n');
  const key = [batch.tenant, batch.position, String(bodies.length)];
  try {
    const rows = (JSON.parse(batch.heads) as EventHead[]).map(({ id, subject, type, time, traceparent }, index) => ({
      subject,
      body: bodies[index] ?? '',
      event: { id, type, source: outbox.sourceName, time, ...(traceparent === undefined ? {} : { traceparent }) },
      key,
    }));
    return rows.length === bodies.length ? rows : [unreadable(outbox, batch)];
  } catch {
    return [unreadable(outbox, batch)];
  }
};

interface PublishedBatch {
  readonly tenant: string;
  readonly position: string;
  /** All that there was of it, and it never gets more. */
  readonly isWhole: boolean;
  readonly ids: readonly string[];
}

const idsOf = (published: readonly PublishedRow[]): string[] => [...new Set(published.map(({ row }) => row.event.id))];

/** Of a row that was read more than once, one reading that is published whole is enough. */
const isPublishedWhole = (published: readonly PublishedRow[]): boolean =>
  [...Map.groupBy(published, ({ row }) => row.key[2])].some(([size, read]) => idsOf(read).length === Number(size));

const batchesOf = (published: readonly PublishedRow[]): readonly PublishedBatch[] =>
  [...Map.groupBy(published, ({ row }) => row.key.slice(0, 2).join(' ')).values()].map((events) => {
    const [tenant = '', position = ''] = events[0]?.row.key ?? [];
    return { tenant, position, isWhole: isPublishedWhole(events), ids: idsOf(events) };
  });

/**
 * Rows of many events: published in the order of each tenant, deleted once they are all in the stream, and cut down to what
 * is not. A row only ever loses events, so relays may work on it at once, and in any order.
 */
export const eventBatchRelaySource = (sql: Sql, outbox: Outbox): RelaySource => {
  const table = sqlName(outbox.table);
  const [waiting, remove, cut] = [waitingSql(table), deleteSql(table), cutSql(table)];
  const change = async (statement: string, batches: readonly PublishedBatch[], ...more: readonly unknown[]) => {
    if (batches.length === 0) return;
    await sql(statement, [batches.map(({ tenant }) => tenant), batches.map(({ position }) => position), ...more]);
  };
  let servedLast = '';
  return {
    pools: () => Promise.resolve([undefined]),
    waiting: async (_pool, limit) => {
      const rows = await sql<BatchRow>(waiting, [limit, servedLast]);
      servedLast = rows.at(-1)?.tenant ?? servedLast;
      return rows.flatMap((row) => toRelayRows(outbox, row));
    },
    mark: async (published) => {
      const batches = batchesOf(published);
      const whole = batches.filter(({ isWhole }) => isWhole);
      const parts = batches.filter(({ isWhole }) => !isWhole);
      await change(remove, whole);
      const ids = parts.flatMap((part) => part.ids);
      await change(cut, parts, ids);
    },
  };
};
