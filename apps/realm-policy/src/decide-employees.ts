import { CLOCK, type Clock } from '@portico/service-kit';
import { MikroORM } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { EmployeeChangedV1 } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import { decidePerson, type DecidedPerson, type DecisionFrame, type Person } from './decide-person.js';
import { toStoredFacts, type StoredFacts } from './facts.js';
import {
  keyOf,
  loadHistories,
  lockPeople,
  saveDecisions,
  saveRevisions,
  type EmployeeRevision,
  type PersonKey,
} from './persistence/people.js';
import { holdRealms, type StoredRealm } from './persistence/realms.js';
import { inTransaction } from '@portico/database';
import { PolicyCache } from './realm/policy-of.js';

export interface EmployeeEvent {
  readonly employee: EmployeeChangedV1;
  readonly traceparent: string | undefined;
}

/** The events of one person in a batch, oldest first, each revision once. */
interface Arrivals extends PersonKey {
  readonly events: readonly [EmployeeEvent, ...EmployeeEvent[]];
}

/**
 * Decides on employees as they arrive. Whatever order the revisions of a person come in, and however often, the end is
 * that of their own order: one that comes late is history that the newer ones are decided on top of again.
 */
@Injectable()
export class DecideEmployees {
  constructor(
    private readonly orm: MikroORM,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly policies: PolicyCache,
  ) {}

  /** Decides on a batch in one transaction. Gives the tenants in it that have no realm: nothing is stored of theirs. */
  decide(batch: readonly EmployeeEvent[]): Promise<{ readonly strangers: ReadonlySet<string> }> {
    return inTransaction(this.orm, async (sql) => {
      const tenants = new Set(batch.map(({ employee }) => employee.tenant));
      const realms = await holdRealms(sql, [...tenants]);
      const arrivals = groupByPerson(batch).filter(({ tenant }) => realms.has(tenant));
      if (arrivals.length > 0) await this.decideArrivals(sql, arrivals, this.framesOf(realms));
      return { strangers: new Set([...tenants].filter((tenant) => !realms.has(tenant))) };
    });
  }

  private framesOf(realms: ReadonlyMap<string, StoredRealm>): ReadonlyMap<string, DecisionFrame> {
    return new Map([...realms].map(([tenant, realm]) => [tenant, frameOf(realm, this.policies, this.clock)]));
  }

  private async decideArrivals(
    sql: Sql,
    arrivals: readonly Arrivals[],
    frames: ReadonlyMap<string, DecisionFrame>,
  ): Promise<void> {
    const people = await lockPeople(sql, arrivals);
    const personOf = (key: PersonKey) => people.get(keyOf(key)) as Person;
    const late = arrivals.filter((arrival) => arrival.events[0].employee.revision < personOf(arrival).employeeRevision);
    const histories = await loadHistories(sql, late);
    const decisions = arrivals.flatMap((arrival) => {
      const frame = frames.get(arrival.tenant) as DecisionFrame;
      return decideArrival(arrival, personOf(arrival), histories.get(keyOf(arrival)), frame);
    });
    await saveRevisions(sql, arrivals.flatMap(revisionsOf));
    await saveDecisions(sql, decisions);
  }
}

export const frameOf = (realm: StoredRealm, policies: PolicyCache, clock: Clock): DecisionFrame => ({
  realm,
  policy: policies.get(realm.document, realm.version),
  today: clock.today(realm.timeZone).toString(),
  now: clock.now().toString(),
});

const decideArrival = (
  { events }: Arrivals,
  person: Person,
  history: readonly EmployeeRevision[] | undefined,
  frame: DecisionFrame,
): DecidedPerson[] => {
  const known = new Set(history?.map(({ revision }) => revision) ?? [person.employeeRevision]);
  const unseen = events.filter(({ employee }) => !known.has(employee.revision));
  const newest = unseen.at(-1);
  if (newest === undefined) return [];
  const basis = {
    employeeRevision: Math.max(person.employeeRevision, newest.employee.revision),
    cause: newest.employee.cause,
    traceparent: newest.traceparent,
  };
  const arrived = unseen.map(({ employee }) => ({ revision: employee.revision, facts: toStoredFacts(employee) }));
  const isLate = arrived.some(({ revision }) => revision < person.employeeRevision);
  const all = isLate ? [...(history ?? []), ...arrived].sort((one, other) => one.revision - other.revision) : arrived;
  const facts = all.map((revision) => revision.facts) as [StoredFacts, ...StoredFacts[]];
  return [decidePerson(person, facts, isLate ? undefined : person.standing, frame, basis)];
};

const groupByPerson = (batch: readonly EmployeeEvent[]): Arrivals[] =>
  [...Map.groupBy(batch, ({ employee }) => keyOf(employee)).values()].map((events) => {
    const byRevision = new Map(events.map((event) => [event.employee.revision, event]));
    const sorted = [...byRevision.values()].sort((one, other) => one.employee.revision - other.employee.revision);
    const [first] = sorted as [EmployeeEvent, ...EmployeeEvent[]];
    const { tenant, employeeId } = first.employee;
    return { tenant, employeeId, events: sorted as [EmployeeEvent, ...EmployeeEvent[]] };
  });

const revisionsOf = ({ tenant, employeeId, events }: Arrivals): EmployeeRevision[] =>
  events.map(({ employee }) => ({ tenant, employeeId, revision: employee.revision, facts: toStoredFacts(employee) }));
