import { joinLines, jsonLines, linesOf, OvertakenError } from '@portico/database';
import { NOTIFY_RELAY_SQL, type FreshBody, type Sql } from '@portico/messaging';
import { isBulk, toStoredDecision, type DecidedPerson, type Person, type StoredDecision } from '../decide-person.js';
import type { StoredFacts } from '../facts.js';
import { recordTaken } from './taken.js';
import { standingColumns, toStanding, type StandingRow } from './standing-row.js';

export interface PersonKey {
  readonly tenant: string;
  readonly employeeId: string;
}

export interface EmployeeRevision extends PersonKey {
  readonly revision: number;
  readonly facts: StoredFacts;
}

interface PersonRow extends PersonKey, StandingRow {
  readonly revision: number;
  readonly employeeRevision: number;
}

const PERSON_COLUMNS = `
  access.tenant, access.employee_id as "employeeId", access.revision::float8 as revision,
  access.employee_revision::float8 as "employeeRevision",
  ${standingColumns('access.event')}`;

const toPerson = ({ leaver, portals, earlier, ...row }: PersonRow): Person => ({
  ...row,
  isStranger: false,
  standing: toStanding({ leaver, portals, earlier }),
});

export const keyOf = ({ tenant, employeeId }: PersonKey): string => `${tenant}/${employeeId}`;

const columnsOf = (keys: readonly PersonKey[]): [string[], string[]] => [
  keys.map(({ tenant }) => tenant),
  keys.map(({ employeeId }) => employeeId),
];

const wantedPeople = (lock: boolean): string => `
  select ${PERSON_COLUMNS}
  from unnest($1::text[], $2::text[]) as wanted(tenant, employee_id)
  join access using (tenant, employee_id)
  order by tenant, employee_id ${lock ? 'for update of access' : ''}`;

/**
 * People by `keyOf`, those of whom nothing is known too.
 * @param options.lock the rows that there are are locked, in one order. Where there is none, `saveDecisions` sees whether
 *   somebody else was first.
 */
export const loadPeople = async (
  sql: Sql,
  keys: readonly PersonKey[],
  { lock }: { readonly lock: boolean },
): Promise<ReadonlyMap<string, Person>> => {
  const people = new Map(keys.map((key) => [keyOf(key), strangerOf(key)]));
  for (const row of await sql<PersonRow>(wantedPeople(lock), columnsOf(keys))) people.set(keyOf(row), toPerson(row));
  return people;
};

const strangerOf = ({ tenant, employeeId }: PersonKey): Person => ({
  tenant,
  employeeId,
  isStranger: true,
  revision: 0,
  employeeRevision: 0,
  standing: undefined,
});

/** All revisions that are kept of these people, oldest first; by `keyOf`. */
export const loadHistories = async (
  sql: Sql,
  keys: readonly PersonKey[],
): Promise<ReadonlyMap<string, readonly EmployeeRevision[]>> => {
  if (keys.length === 0) return new Map();
  const rows = await sql<EmployeeRevision>(
    `select tenant, employee_id as "employeeId", revision::float8 as revision, facts
     from employee_revision
     join unnest($1::text[], $2::text[]) as wanted(tenant, employee_id) using (tenant, employee_id)
     order by revision`,
    columnsOf(keys),
  );
  return Map.groupBy(rows, keyOf);
};

export const saveRevisions = async (sql: Sql, revisions: readonly EmployeeRevision[]): Promise<void> => {
  await sql(
    `insert into employee_revision (tenant, employee_id, revision, facts)
     select tenant, employee_id, revision, facts::jsonb
     from unnest($1::text[], $2::text[], $3::bigint[], ${linesOf('$4')}) as known(tenant, employee_id, revision, facts)
     on conflict do nothing`,
    [
      ...columnsOf(revisions),
      revisions.map(({ revision }) => revision),
      jsonLines(revisions.map(({ facts }) => facts)),
    ],
  );
};

/** A decision, with the revision under which it is news and its JSON; `null` where it is none. */
interface MadeDecision {
  readonly decided: DecidedPerson;
  readonly event: StoredDecision | null;
  readonly json: string | null;
}

const toMade = (decided: DecidedPerson): MadeDecision => {
  const event = decided.isNews ? toStoredDecision(decided, nextRevision(decided)) : null;
  return { decided, event, json: event === null ? null : JSON.stringify(event) };
};

const toReplaced = ({ decided: { person }, event }: MadeDecision) =>
  event === null || person.standing === undefined ? [] : [{ before: person.standing, after: event }];

/** As it is published, where it is stored alike. */
const toFreshBody = ({ event, json }: MadeDecision): FreshBody[] => {
  if (event === null || json === null || event.earlier !== undefined) return [];
  return [{ tenant: event.tenant, key: event.employeeId, revision: event.revision, body: json }];
};

/** In one order, in which whoever adds people waits for whoever else does. */
const MADE = `
  select tenant, employee_id, pool, employee_revision, policy_version, decided_on, due_on, revision, event::jsonb as event,
    decided_at, bulk, traceparent
  from unnest(
    $1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::date[], $7::date[], $8::bigint[],
    ${linesOf('$9')}, $10::timestamptz[], $11::boolean[], $12::text[]
  ) as made(
    tenant, employee_id, pool, employee_revision, policy_version, decided_on, due_on, revision, event, decided_at, bulk,
    traceparent
  )`;

const madeColumns = (made: readonly MadeDecision[]): unknown[] => {
  const column = (of: (decided: DecidedPerson) => unknown) => made.map(({ decided }) => of(decided));
  return [
    ...columnsOf(made.map(({ decided }) => decided.person)),
    column(({ frame }) => frame.realm.pool),
    column(({ employeeRevision }) => employeeRevision),
    column(({ frame }) => frame.realm.version),
    column(({ frame }) => frame.today),
    column(({ decision }) => decision.dueOn),
    made.map(({ event }) => event?.revision ?? null),
    joinLines(made.map(({ json }) => json)),
    column(({ frame }) => frame.now),
    column(({ cause }) => isBulk(cause)),
    column(({ traceparent }) => traceparent ?? null),
  ];
};

const addPeople = async (sql: Sql, made: readonly MadeDecision[]): Promise<void> => {
  const [added] = await sql<{ people: number }>(
    `with added as (
       insert into access (
         tenant, employee_id, pool, employee_revision, policy_version, decided_on, due_on, revision, event, event_time,
         bulk, traceparent
       )
       ${MADE} order by tenant, employee_id
       on conflict do nothing
       returning 1
     ) select count(*)::int as people from added`,
    madeColumns(made),
  );
  if (added?.people !== made.length) throw new OvertakenError('somebody else decided on these people first');
};

const changePeople = async (sql: Sql, made: readonly MadeDecision[]): Promise<void> => {
  await sql(
    `with made as materialized (${MADE}), superseded as (
       insert into access_history (tenant, employee_id, revision, decided_at, event)
       select tenant, employee_id, access.revision, access.event_time, access.event
       from access join made using (tenant, employee_id)
       where made.event is not null and access.revision > 0
       on conflict do nothing
     )
     update access set
       pool = made.pool,
       employee_revision = made.employee_revision,
       policy_version = made.policy_version,
       decided_on = made.decided_on,
       due_on = made.due_on,
       revision = coalesce(made.revision, access.revision),
       event = coalesce(made.event, access.event),
       event_time = case when made.event is null then access.event_time else made.decided_at end,
       bulk = case when made.event is null then access.bulk else made.bulk end,
       traceparent = case when made.event is null then access.traceparent else made.traceparent end
     from made
     where access.tenant = made.tenant and access.employee_id = made.employee_id`,
    madeColumns(made),
  );
};

/**
 * Only news gets a new revision, and so is published: a decision that comes out the same disturbs nobody. What news
 * takes the place of is kept in `access_history`. Answers what is to be published.
 * @throws OvertakenError where somebody has a row by now who had none when it was decided.
 */
export const saveDecisions = async (sql: Sql, decisions: readonly DecidedPerson[]): Promise<readonly FreshBody[]> => {
  const made = decisions.map(toMade);
  const strangers = made.filter(({ decided }) => decided.person.isStranger);
  const known = made.filter(({ decided }) => !decided.person.isStranger);
  await Promise.all([
    strangers.length > 0 && addPeople(sql, strangers),
    known.length > 0 && changePeople(sql, known),
    made.some(({ event }) => event !== null) && sql(NOTIFY_RELAY_SQL),
    recordTaken(sql, made.flatMap(toReplaced)),
  ]);
  return made.flatMap(toFreshBody);
};

const nextRevision = ({ person, frame }: DecidedPerson): number =>
  Math.max(person.revision + 1, Temporal.Instant.from(frame.now).epochMilliseconds);

/** Who is to be decided again: those whose decision is of another version, or those who are due by a day. */
export type RedecisionSelection =
  { readonly kind: 'policy'; readonly version: number } | { readonly kind: 'date'; readonly day: string };

/** The next of a tenant's people in the order of their ids, with the facts that were decided on. */
export const nextPeople = async (
  sql: Sql,
  tenant: string,
  selection: RedecisionSelection,
  page: { readonly after: string; readonly limit: number; readonly lock: boolean },
): Promise<{ person: Person; facts: StoredFacts }[]> => {
  // Before a first `analyze`, PostgreSQL would sort all who are left for each page instead of walking along the key.
  await sql('set local enable_sort = off');
  const isSelected = selection.kind === 'policy' ? 'policy_version <> $4' : 'due_on <= $4::date';
  const rows = await sql<PersonRow & { facts: StoredFacts }>(
    `with page as materialized (
       select * from access
       where tenant = $1 and employee_id > $2 and ${isSelected}
       order by employee_id limit $3 ${page.lock ? 'for update' : ''}
     )
     select ${PERSON_COLUMNS}, decided.facts
     from page as access
     cross join lateral (
       select facts from employee_revision
       where employee_revision.tenant = access.tenant and employee_revision.employee_id = access.employee_id
         and employee_revision.revision = access.employee_revision
       limit 1
     ) as decided
     order by access.employee_id`,
    [tenant, page.after, page.limit, selection.kind === 'policy' ? selection.version : selection.day],
  );
  return rows.map(({ facts, ...row }) => ({ person: toPerson(row), facts }));
};

/** Moves a tenant's decisions to another pool: the relay publishes each again, under the new subject. */
export const movePeople = async (sql: Sql, tenant: string, pool: string): Promise<void> => {
  await sql(
    `update access set pool = $2, published_revision = 0, published_sequence = 0, bulk = true
     where tenant = $1 and pool <> $2`,
    [tenant, pool],
  );
};
