import type { Cause, EmployeeChangedV1 } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { Arrival } from './decide-arrivals.js';
import { toStoredFacts } from './facts.js';
import {
  causeKeyOf,
  findArriving,
  findUnknown,
  saveMembers,
  type ArrivingPhase,
  type Membership,
} from './persistence/arrivals.js';

export interface EmployeeEvent {
  readonly employee: EmployeeChangedV1;
  readonly traceparent: string | undefined;
}

/** What of a batch is to be decided now. */
export interface GatheredBatch {
  readonly ready: readonly Arrival[];
  /** By `causeKeyOf`: of these everybody is in the batch. */
  readonly whole: ReadonlySet<string>;
}

/**
 * Lets the people of a read wait until all of them have arrived, for the totals of a cause are known before its first
 * decision is sent. A cause that is whole in one batch waits for nothing, and neither does somebody who was decided by
 * this cause before, as after a move between pools, nor a message of an older sender that does not count people.
 *
 * Who waits is as good as not delivered yet: revisions may come in any order.
 */
export const gatherArrivals = async (sql: Sql, batch: readonly EmployeeEvent[]): Promise<GatheredBatch> => {
  const members = membersOf(batch);
  const byCause = Map.groupBy(members, keyOfMember);
  const [phases, undecided] = await Promise.all([phasesOf(sql, members), findUnknown(sql, members)]);
  const whole = new Set([...byCause].filter(([key, found]) => !phases.has(key) && isWhole(found)).map(([key]) => key));
  const unknown = undecided.filter((member) => mayWait(member, whole, phases));
  const fresh = unknown.filter(({ isWaiting }) => !isWaiting);
  if (fresh.length > 0) await saveMembers(sql, fresh);
  const kept = new Set(unknown.map(nameOf));
  return { ready: batch.filter((event) => !kept.has(nameOfEvent(event))).map(toArrival), whole };
};

const keyOfMember = ({ tenant, cause }: Membership): string => causeKeyOf({ tenant, id: cause.id });
const nameOf = ({ tenant, employeeId, cause }: Membership): string => JSON.stringify([tenant, employeeId, cause.id]);
const nameOfEvent = ({ employee: { tenant, employeeId, cause } }: EmployeeEvent): string =>
  JSON.stringify([tenant, employeeId, cause.id]);

const isCounted = ({ totals }: Cause): boolean => totals.people !== undefined;

const isWhole = (members: readonly Membership[]): boolean =>
  members.length >= (members[0]?.cause.totals.people ?? Infinity);

/** Overtaken people count only where they are waited for. */
const mayWait = (
  member: Membership,
  whole: ReadonlySet<string>,
  phases: ReadonlyMap<string, ArrivingPhase>,
): boolean => {
  const key = keyOfMember(member);
  if (whole.has(key)) return false;
  return member.facts !== undefined || (phases.get(key) ?? 'gathering') === 'gathering';
};

/** Each person once for each cause: by the newest revision, or as overtaken. */
const membersOf = (batch: readonly EmployeeEvent[]): Membership[] => {
  const members = new Map<string, Membership>();
  const add = (member: Membership) => {
    const before = members.get(nameOf(member));
    if (before === undefined || before.revision < member.revision) members.set(nameOf(member), member);
  };
  for (const { employee, traceparent } of batch) {
    const { tenant, employeeId, revision, cause } = employee;
    if (isCounted(cause)) {
      add({ tenant, employeeId, revision, cause, facts: toStoredFacts(employee), traceparent });
    }
    for (const overtaken of (employee.overtook ?? []).filter(isCounted)) {
      add({ tenant, employeeId, revision: 0, cause: overtaken });
    }
  }
  return [...members.values()];
};

const phasesOf = async (sql: Sql, members: readonly Membership[]): Promise<ReadonlyMap<string, ArrivingPhase>> => {
  if (members.length === 0) return new Map();
  const causes = [...new Map(members.map((member) => [keyOfMember(member), member])).values()];
  const rows = await findArriving(
    sql,
    causes.map(({ tenant, cause }) => ({ tenant, id: cause.id })),
  );
  return new Map(rows.map((row) => [causeKeyOf(row), row.phase]));
};

const toArrival = ({ employee, traceparent }: EmployeeEvent): Arrival => ({
  tenant: employee.tenant,
  employeeId: employee.employeeId,
  revision: employee.revision,
  facts: toStoredFacts(employee),
  cause: employee.cause,
  traceparent,
});
