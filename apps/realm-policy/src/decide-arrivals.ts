import type { Cause } from '@portico/contracts';
import type { FreshBody, Sql } from '@portico/messaging';
import { countDecisions } from './count-decisions.js';
import { decidePerson, type DecidedPerson, type DecisionFrame, type Person, type Standing } from './decide-person.js';
import type { StoredFacts } from './facts.js';
import { judgeCause } from './judge-cause.js';
import { causeKeyOf } from './persistence/arrivals.js';
import {
  keyOf,
  loadHistories,
  loadPeople,
  saveDecisions,
  saveRevisions,
  type EmployeeRevision,
  type PersonKey,
} from './persistence/people.js';
import type { RedecisionTotals } from './persistence/redecisions.js';

/** A revision of an employee that came in. */
export interface Arrival extends EmployeeRevision {
  readonly cause: Cause;
  readonly traceparent: string | undefined;
}

/**
 * Decides on revisions in the order of their numbers, each person once. One that comes late is history that the newer
 * ones are decided on top of again; one that is known already decides nothing.
 * @param frames by tenant.
 * @param options.lock for decisions that are to be saved.
 */
export const decideArrivals = async (
  sql: Sql,
  arrivals: readonly Arrival[],
  frames: ReadonlyMap<string, DecisionFrame>,
  options: { readonly lock: boolean },
): Promise<DecidedPerson[]> => {
  if (arrivals.length === 0) return [];
  const groups = groupByPerson(arrivals);
  const people = await loadPeople(sql, groups, options);
  const personOf = (key: PersonKey) => people.get(keyOf(key)) as Person;
  const late = groups.filter((group) => group.arrivals[0].revision < personOf(group).employeeRevision);
  const histories = await loadHistories(sql, late);
  return groups.flatMap((group) => {
    const frame = frames.get(group.tenant) as DecisionFrame;
    return decideGroup(group.arrivals, personOf(group), histories.get(keyOf(group)), frame);
  });
};

/** Answers what is to be published. */
export const saveArrivals = async (
  sql: Sql,
  arrivals: readonly Arrival[],
  decisions: readonly DecidedPerson[],
): Promise<readonly FreshBody[]> => {
  if (arrivals.length === 0) return [];
  const [bodies] = await Promise.all([saveDecisions(sql, decisions), saveRevisions(sql, arrivals)]);
  return bodies;
};

/** The decisions with what all of them together do to each portal in the totals of their causes, judged as a whole. */
export const withPortalTotals = async (
  sql: Sql,
  decisions: readonly DecidedPerson[],
  isWhole: (causeKey: string) => boolean,
): Promise<DecidedPerson[]> => {
  const all: DecidedPerson[] = [];
  const byCause = Map.groupBy(decisions, ({ person, cause }) => causeKeyOf({ tenant: person.tenant, id: cause.id }));
  // In one order, in which causes are judged in turn.
  for (const [key, ofCause] of [...byCause].sort(([one], [other]) => (one < other ? -1 : 1)))
    all.push(...(isWhole(key) ? await countTogether(sql, ofCause) : ofCause));
  return all;
};

const countTogether = async (sql: Sql, ofCause: readonly DecidedPerson[]): Promise<DecidedPerson[]> => {
  const [first] = ofCause;
  if (first === undefined) return [];
  const counted = addPortals({ ...first.cause.totals, portals: {} }, ofCause);
  return withTotals(ofCause, await judgeCause(sql, first.frame, { ...first.cause, totals: counted }));
};

export const withTotals = (decisions: readonly DecidedPerson[], totals: RedecisionTotals): DecidedPerson[] =>
  decisions.map((decided) => ({ ...decided, cause: { ...decided.cause, totals } }));

/** People stay as the read counted them; what the decisions do to each portal is added. */
export const addPortals = (totals: RedecisionTotals, decisions: readonly DecidedPerson[]): RedecisionTotals => ({
  ...totals,
  portals: countDecisions(totals, decisions).portals,
});

interface PersonsArrivals extends PersonKey {
  /** Oldest first, each revision once. */
  readonly arrivals: readonly [Arrival, ...Arrival[]];
}

const groupByPerson = (arrivals: readonly Arrival[]): PersonsArrivals[] =>
  [...Map.groupBy(arrivals, keyOf).values()].map((ofPerson) => {
    const byRevision = new Map(ofPerson.map((arrival) => [arrival.revision, arrival]));
    const [first, ...later] = [...byRevision.values()].sort((one, other) => one.revision - other.revision);
    const { tenant, employeeId } = first as Arrival;
    return { tenant, employeeId, arrivals: [first as Arrival, ...later] };
  });

const decideGroup = (
  arrivals: readonly Arrival[],
  person: Person,
  history: readonly EmployeeRevision[] | undefined,
  frame: DecisionFrame,
): DecidedPerson[] => {
  const known = new Set(history?.map(({ revision }) => revision) ?? [person.employeeRevision]);
  const unseen = arrivals.filter(({ revision }) => !known.has(revision));
  const newest = unseen.at(-1);
  if (newest === undefined) return [];
  const basis = {
    employeeRevision: Math.max(person.employeeRevision, newest.revision),
    cause: newest.cause,
    traceparent: newest.traceparent,
  };
  const isLate = unseen.some(({ revision }) => revision < person.employeeRevision);
  const all: readonly Pick<EmployeeRevision, 'revision' | 'facts'>[] = isLate
    ? [...(history ?? []), ...unseen].sort((one, other) => one.revision - other.revision)
    : unseen;
  const facts = all.map((revision) => revision.facts) as [StoredFacts, ...StoredFacts[]];
  return [decidePerson(person, facts, isLate ? onlyEarlier(person) : person.standing, frame, basis)];
};

/** The history tells all but what was decided of portals that are out now. */
const onlyEarlier = ({ standing }: Person): Standing | undefined => standing && { ...standing, portals: [] };
