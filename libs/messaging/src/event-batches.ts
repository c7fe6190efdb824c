import { sqlName } from './sql.js';

/** An event that is left for the relay. */
export interface LeftEvent {
  readonly tenant: string;
  readonly id: string;
  readonly subject: string;
  readonly type: string;
  readonly time: string;
  readonly traceparent: string | null;
  readonly body: object;
}

/** What a batch holds of an event beside its body. */
export interface EventHead {
  readonly id: string;
  readonly subject: string;
  readonly type: string;
  readonly time: string;
  readonly traceparent?: string;
}

/** Parameters of `leaveEventBatchSql`: the tenant, how many events, their heads and their bodies. */
type EventBatch = readonly [tenant: string, events: number, heads: string, bodies: string];

const MOST_EVENTS = 500;

/**
 * The table of append-only events that are left and relayed many at once, for which PostgreSQL has a fraction of the work;
 * statements for the service's migration. `heads` is a JSON array of `EventHead`; `bodies` has a line for each, since JSON
 * has no line break in it. Nothing sees to it that an id is left once: the stream drops what it has.
 */
export const eventBatchTableSql = (table: string): readonly string[] => [
  `create table if not exists ${sqlName(table)} (
    tenant text not null,
    position bigint generated always as identity,
    events int not null,
    heads text not null,
    bodies text not null,
    primary key (tenant, position)
  )`,
  // Written once and read once: to compress them costs more than it saves.
  `alter table ${table} alter column heads set storage external, alter column bodies set storage external`,
];

export const leaveEventBatchSql = (table: string): string =>
  `insert into ${sqlName(table)} (tenant, events, heads, bodies) values ($1, $2, $3, $4)`;

const chunksOf = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));

const headOf = ({ id, subject, type, time, traceparent }: LeftEvent): EventHead => ({
  id,
  subject,
  type,
  time: new Date(time).toISOString(),
  ...(traceparent === null ? {} : { traceparent }),
});

/** Rows to leave, each for one tenant and of a size that is soon read and published; in the order of the events. */
export const eventBatchesOf = (events: readonly LeftEvent[]): EventBatch[] =>
  [...Map.groupBy(events, ({ tenant }) => tenant)].flatMap(([tenant, own]) =>
    chunksOf(own, MOST_EVENTS).map((chunk): EventBatch => {
      const bodies = chunk.map(({ body }) => JSON.stringify(body));
      return [tenant, chunk.length, JSON.stringify(chunk.map(headOf)), bodies.join('\n')];
    }),
  );
