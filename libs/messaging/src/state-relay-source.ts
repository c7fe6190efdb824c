import { EVENT_TYPES, stateEventId, subjects } from '@portico/contracts';
import { distinctSql } from './distinct-sql.js';
import type { FreshBodies } from './fresh-bodies.js';
import type { PublishedRow, RelayRow, RelaySource } from './relay-source.js';
import { sqlName, type Sql } from './sql.js';

export type StateKind = 'realm' | 'employee' | 'access';

export interface StateTable {
  readonly table: string;
  /** The column that with `tenant` is the row's key; `tenant` itself for realms. */
  readonly keyColumn: string;
  readonly subjectKind: StateKind;
  /** The service's name, for `ce-source`. */
  readonly sourceName: string;
  /** A key of `event` that stays in the database. */
  readonly privateKey?: string;
}

interface StateRow {
  readonly tenant: string;
  readonly key: string;
  readonly pool: string | null;
  readonly revision: number;
  readonly published_sequence: number;
  readonly body: string;
  readonly event_time: Date | string;
  readonly traceparent: string | null;
}

type BodilessRow = Omit<StateRow, 'body'>;

const nameOf = ({ tenant, key }: BodilessRow): string => `${tenant}/${key}`;

const types = {
  realm: EVENT_TYPES.realmChanged,
  employee: EVENT_TYPES.employeeChanged,
  access: EVENT_TYPES.accessDecided,
} as const;

const subjectOf = (kind: StateKind, { pool, tenant, key }: StateRow): string =>
  kind === 'realm' ? subjects.realm(tenant) : subjects[kind](pool ?? '', tenant, key);

/** A key that can't be in a subject is a fault of its row alone. */
const trySubject = (kind: StateKind, row: StateRow): { readonly subject: string; readonly fault?: Error } => {
  try {
    return { subject: subjectOf(kind, row) };
  } catch (error) {
    return { subject: '', fault: error as Error };
  }
};

const toRelayRow = ({ subjectKind, sourceName }: StateTable, row: StateRow): RelayRow => {
  const { subject, fault } = trySubject(subjectKind, row);
  return {
    ...(fault && { fault }),
    subject,
    body: row.body,
    event: {
      id: stateEventId(subject, row.revision),
      type: types[subjectKind],
      source: sourceName,
      time: new Date(row.event_time).toISOString(),
      revision: row.revision,
      ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
    },
    expectedSequence: row.published_sequence,
    key: [row.tenant, row.key],
  };
};

/**
 * The index without which a relay reads the whole table each time; for the service's migration.
 * Pools and tenants that wait are found by skipping along it, never by scanning the rows.
 */
export const stateRelayIndexSql = ({ table, subjectKind }: Pick<StateTable, 'table' | 'subjectKind'>): string => {
  const columns = subjectKind === 'realm' ? 'tenant, bulk, revision' : 'pool, tenant, bulk, revision';
  const name = `${table.replace('.', '_')}_unpublished`;
  return `create index if not exists ${sqlName(name)} on ${sqlName(table)} (${columns}) where revision > published_revision`;
};

const WAITS = 'revision > published_revision';

/** Without taking apart and making again what has no such key. */
const bodySql = ({ privateKey }: StateTable): string => {
  if (privateKey === undefined) return 'event::text';
  const key = sqlName(privateKey);
  return `(case when jsonb_exists(event, '${key}') then event - '${key}' else event end)::text`;
};

const columnsSql = ({ keyColumn, subjectKind }: StateTable, body: string): string => `
  tenant, ${keyColumn} as key, ${subjectKind === 'realm' ? 'null' : 'pool'} as pool, revision::float8 as revision,
  ${body} as body, published_sequence::float8 as published_sequence, event_time, traceparent`;

const waitingSql = (state: StateTable, body: string): string => {
  const { table, subjectKind } = state;
  const inPool = subjectKind === 'realm' ? '' : 'and pool = $2';
  return `
  select tenant, key, pool, revision, published_sequence, body, event_time, traceparent
  from (${distinctSql(table, 'tenant', `${WAITS} ${inPool}`)}) tenants
  cross join lateral (
    select ${columnsSql(state, body)}, bulk, row_number() over (partition by bulk order by revision) as turn
    from (
      select * from ${table} where tenant = tenants.value ${inPool} and ${WAITS} order by bulk, revision limit $1
    ) oldest
  ) waiting
  order by bulk, turn, tenant
  limit $1`;
};

const rowsSql = (state: StateTable): string => `
  select ${columnsSql(state, bodySql(state))}
  from ${state.table} join unnest($1::text[], $2::text[]) as wanted(of_tenant, of_key)
    on tenant = of_tenant and ${state.keyColumn} = of_key`;

const markSql = ({ table, keyColumn }: StateTable): string => `
  update ${table} as state
  set published_revision = done.revision, published_sequence = done.sequence
  from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) as done(tenant, key, revision, sequence)
  where state.tenant = done.tenant and state.${keyColumn} = done.key and state.published_revision < done.revision`;

/**
 * State rows, which are their own outbox. The table has `tenant`, the key, `pool` (not for realms), `revision`,
 * `published_revision`, `published_sequence`, `bulk`, `event` (jsonb), `event_time` and `traceparent`.
 * @param fresh what this process wrote of them lately.
 */
export const stateRelaySource = (sql: Sql, state: StateTable, fresh?: FreshBodies): RelaySource => {
  sqlName(state.table);
  sqlName(state.keyColumn);
  const hasPools = state.subjectKind !== 'realm';
  const poolsSql = distinctSql(state.table, 'pool', WAITS);
  const [whole, bodiless, rows, mark] = [
    waitingSql(state, bodySql(state)),
    waitingSql(state, 'null'),
    rowsSql(state),
    markSql(state),
  ];
  const readWhole = async (wanted: readonly BodilessRow[]): Promise<ReadonlyMap<string, StateRow>> => {
    if (wanted.length === 0) return new Map();
    const found = await sql<StateRow>(rows, [wanted.map(({ tenant }) => tenant), wanted.map(({ key }) => key)]);
    return new Map(found.map((row) => [nameOf(row), row]));
  };
  /** One that changed meanwhile is published as it is now, and one that is gone is not. */
  const waitingBeside = async (bodies: FreshBodies, parameters: readonly unknown[]): Promise<StateRow[]> => {
    const waiting = (await sql<BodilessRow>(bodiless, parameters)).map((row) => ({
      ...row,
      body: bodies.take(row.tenant, row.key, row.revision),
    }));
    const read = await readWhole(waiting.filter(({ body }) => body === undefined));
    return waiting.flatMap(({ body, ...row }) =>
      body === undefined ? (read.get(nameOf(row)) ?? []) : { ...row, body },
    );
  };
  return {
    pools: async () => {
      if (!hasPools) return [undefined];
      return (await sql<{ value: string }>(poolsSql)).map(({ value }) => value);
    },
    waiting: async (pool, limit) => {
      const parameters = hasPools ? [limit, pool] : [limit];
      const isFresh = fresh !== undefined && !fresh.isEmpty;
      const found = await (isFresh ? waitingBeside(fresh, parameters) : sql<StateRow>(whole, parameters));
      return found.map((row) => toRelayRow(state, row));
    },
    mark: async (published: readonly PublishedRow[]) => {
      await sql(mark, [
        published.map(({ row }) => row.key[0]),
        published.map(({ row }) => row.key[1]),
        published.map(({ row }) => row.event.revision),
        published.map(({ sequence }) => sequence),
      ]);
    },
  };
};

/**
 * Gives every row of a table, or of one tenant, a new revision, in the column and in the event, so that the relay
 * publishes it again: after a restored database, a lost stream or a move between pools. Answers how many rows.
 */
export const republish = async (sql: Sql, table: string, tenant?: string): Promise<number> => {
  const condition = tenant === undefined ? '' : 'where tenant = $1';
  const [row] = await sql<{ count: number }>(
    `with renewed as (
      update ${sqlName(table)} as state
      set revision = next.revision, bulk = true, event = jsonb_set(event, '{revision}', to_jsonb(next.revision))
      from (
        select ctid, greatest(revision + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint) as revision
        from ${table} ${condition} for update
      ) next
      where state.ctid = next.ctid
      returning 1
    )
    select count(*)::int as count from renewed`,
    tenant === undefined ? [] : [tenant],
  );
  return row?.count ?? 0;
};
