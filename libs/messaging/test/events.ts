import { subjects } from '@portico/contracts';
import { eventBatchesOf, leaveEventBatchSql, type LeftEvent } from '../src/event-batches.js';
import { eventBatchRelaySource } from '../src/event-batch-relay-source.js';
import { eventRelaySource } from '../src/event-relay-source.js';
import type { RelaySource } from '../src/relay-source.js';
import type { Sql } from '../src/sql.js';
import type { TestSql } from './support.js';

/** A row each. */
const writeEvents = async ({ sql }: TestSql, ids: readonly string[], tenant = 'acme'): Promise<void> => {
  await sql(
    `insert into outbox (tenant, id, subject, type, time, event)
     select $1, id, $2, 'portico.learner.created.v1', '2026-01-12T10:00:00Z', jsonb_build_object('id', id)
     from unnest($3::text[]) as given(id)`,
    [tenant, subjects.learner(tenant, 'academy', 'created'), ids],
  );
};

export const eventOf = (id: string, part: Partial<LeftEvent> = {}): LeftEvent => {
  const { tenant = 'acme' } = part;
  const subject = subjects.learner(tenant, 'academy', 'created');
  const type = 'portico.learner.created.v1';
  return { tenant, id, subject, type, time: '2026-01-12T10:00:00Z', traceparent: null, body: { id }, ...part };
};

/** As few rows as can be. */
export const leaveEvents = async ({ sql }: TestSql, events: readonly LeftEvent[]): Promise<void> => {
  for (const batch of eventBatchesOf(events)) await sql(leaveEventBatchSql('event_batch'), batch);
};

/** The ids of each row, in order. */
export const batchesIn = async ({ sql }: TestSql): Promise<string[][]> => {
  const rows = await sql<{ heads: string }>('select heads from event_batch order by position');
  return rows.map(({ heads }) => (JSON.parse(heads) as { id: string }[]).map(({ id }) => id));
};

export interface EventTable {
  readonly source: (sql: Sql) => RelaySource;
  readonly write: (db: TestSql, ids: readonly string[], tenant?: string) => Promise<void>;
  /** The ids that wait. */
  readonly waiting: (db: TestSql) => Promise<string[]>;
}

/** Where events are left, for tests that hold for both. */
export const EVENT_TABLES = {
  outbox: {
    source: (sql) => eventRelaySource(sql, { table: 'outbox', sourceName: 'learnupon-provisioning' }),
    write: writeEvents,
    waiting: async ({ sql }) =>
      (await sql<{ id: string }>('select id from outbox order by position')).map(({ id }) => id),
  },
  event_batch: {
    source: (sql) => eventBatchRelaySource(sql, { table: 'event_batch', sourceName: 'learnupon-provisioning' }),
    write: (db, ids, tenant = 'acme') =>
      leaveEvents(
        db,
        ids.map((id) => eventOf(id, { tenant })),
      ),
    waiting: async (db) => (await batchesIn(db)).flat(),
  },
} satisfies Record<string, EventTable>;
export const EVENT_TABLE_NAMES = Object.keys(EVENT_TABLES) as (keyof typeof EVENT_TABLES)[];
