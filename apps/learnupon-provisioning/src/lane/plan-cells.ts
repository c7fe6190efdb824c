import type { Cause } from '@portico/contracts';
import {
  isSame,
  normaliseTitle,
  planProvisioning,
  type Actual,
  type CellPlan,
  type Learner,
  type Operation,
  type Realm,
} from '@portico/provisioning-plan';
import { beginAttempts } from '../persistence/attempts.js';
import { countEffects } from '../persistence/effects.js';
import { loadGroups } from '../persistence/groups.js';
import { hintGuests, takeHints, wakeHinted } from '../persistence/hints.js';
import type { Sql } from '@portico/messaging';
import { holdLane, type LaneLease } from '../persistence/lanes.js';
import { leaveLearnerEvents, type LearnerEventRow } from '../persistence/outbox.js';
import { lockDirtyCells } from '../persistence/cell-rows.js';
import { loadPeople, type DirtyPerson } from '../persistence/people.js';
import { savePlans, type PersonPlan } from '../persistence/plans.js';
import { loadRealm } from '../persistence/realms.js';
import { inTransaction } from '@portico/database';
import { todayOf, type LaneContext } from './lane-context.js';

/** Whom a call is for, and what its outcome is recorded with. */
export interface Subject {
  readonly employeeId: string;
  readonly priority: number;
  readonly policyReason: string;
  readonly whenRefused: Learner['whenRefused'] | null;
  readonly cause: Cause;
  readonly traceparent: string | null;
}

/** A call that is written down and may be made. */
export interface Task {
  /** Absent for a call that only reads. */
  readonly attemptId?: number;
  readonly operation: Operation;
  readonly subject: Subject;
  /** The cell's row that was planned and left as it is; absent where the plan was written into it. */
  readonly planned?: { readonly version: string; readonly actual: Actual };
  /** When it is done there is more to do or to say. */
  readonly isPartial?: boolean;
  /** A create of somebody who has an account in another portal of the realm. */
  readonly isKnownInRealm?: boolean;
  /** Its outcome was not known for a while, in which another thing may have become wanted. */
  readonly wasInDoubt?: boolean;
}

export interface PlannedBatch {
  readonly planned: number;
  readonly tasks: readonly Task[];
  /** As it was when the batch was planned. */
  readonly realm: Realm;
  /** Portals that are off and stand in somebody's way: they are to be read. */
  readonly toWatch: readonly string[];
}

interface Planned extends PersonPlan {
  readonly person: DirtyPerson;
}

/** Two people that claim one account by different identifiers: neither gets it. */
const withoutSharedAccounts = (plans: readonly Planned[]): Planned[] => {
  const taken = new Map<string, number>();
  for (const { plan } of plans) {
    if (plan.link !== undefined) taken.set(plan.link.accountId, (taken.get(plan.link.accountId) ?? 0) + 1);
  }
  return plans.map((planned) => {
    const { link, portal } = planned.plan;
    if (link === undefined || taken.get(link.accountId) === 1) return planned;
    return { ...planned, plan: { portal, reason: 'ambiguous-account', actual: 'none' } };
  });
};

/** Where Portico only looks on, nothing is taken over either. */
const onlyObserved = ({ link: _, inviteId: __, ...plan }: CellPlan): CellPlan => plan;

const linkEvents = ({ lease, clock }: LaneContext, plans: readonly Planned[]): LearnerEventRow[] =>
  plans.flatMap(({ employeeId, plan: { link }, person: { cause, traceparent } }) => {
    if (link === undefined) return [];
    const { tenant, portal } = lease;
    const event = link.origin === 'accepted' ? 'accepted' : 'correlated';
    const at = clock.now().toString();
    return [
      {
        id: `link:${tenant}:${portal}:${employeeId}:${link.accountId}:${lease.number}`,
        event: { tenant, portal, employeeId, event, at, accountId: link.accountId, cause },
        traceparent,
      },
    ];
  });

const subjectOf = (person: DirtyPerson, portal: string): Subject => {
  const cell = person.cells.find((each) => each.portal === portal);
  const { employeeId, priority, cause, traceparent } = person;
  return {
    employeeId,
    priority,
    cause,
    traceparent,
    policyReason: cell?.policyReason ?? 'other',
    whenRefused: cell?.learner?.whenRefused ?? null,
  };
};

const planPeople = ({ lease }: LaneContext, realm: Realm, people: readonly DirtyPerson[]): Planned[] => {
  const here = realm.portals.filter(({ portal }) => portal === lease.portal);
  return withoutSharedAccounts(
    people.flatMap((person) =>
      planProvisioning(realm, person, here).map((plan) => ({
        employeeId: person.employeeId,
        person,
        plan: lease.mode === 'observe' ? onlyObserved(plan) : plan,
      })),
    ),
  );
};

const offPortalsInTheWay = (realm: Realm, plans: readonly Planned[]): string[] => {
  const inTheWay = new Set(plans.map(({ plan }) => plan.blockedBy?.portal));
  return realm.portals.flatMap(({ portal, mode }) => (mode === 'off' && inTheWay.has(portal) ? [portal] : []));
};

/** Titles of groups that somebody in the batch is to be in; nothing where policy is silent about groups. */
const titlesIn = (people: readonly DirtyPerson[], portal: string): ReadonlySet<string> | undefined => {
  const wanted = people.flatMap(({ cells }) => cells.filter((cell) => cell.portal === portal && cell.learner?.groups));
  if (wanted.length === 0) return undefined;
  return new Set(wanted.flatMap(({ learner }) => learner?.groups ?? []).map(normaliseTitle));
};

const withGroups = async (
  sql: Sql,
  { lease, settings }: LaneContext,
  realm: Realm,
  people: readonly DirtyPerson[],
): Promise<Realm> => {
  const titles = titlesIn(people, lease.portal);
  const groups = titles && (await loadGroups(sql, lease, titles, settings.mirrorMaxAgeSeconds));
  if (groups === undefined) return realm;
  const portals = realm.portals.map((portal) => (portal.portal === lease.portal ? { ...portal, groups } : portal));
  return { ...realm, portals };
};

/** The account is as wanted, perhaps by somebody's hand, and other portals may have waited for just that. */
const mayBeWaitedFor = ({ plan, person }: Planned): boolean =>
  plan.reason === 'converged' &&
  plan.operation === undefined &&
  person.cells.some(
    ({ portal, access, link, inviteId }) =>
      portal !== plan.portal && access === 'granted' && link === undefined && inviteId === undefined,
  );

/** What follows from accounts that turned out to be somebody's: events, and cells elsewhere that waited for that. */
const announceLinks = async (
  sql: Sql,
  context: LaneContext,
  realm: Realm,
  plans: readonly Planned[],
): Promise<void> => {
  const { lease } = context;
  const events = linkEvents(context, plans);
  const effects = events.map(({ event }) => event.event);
  const settled = plans.filter(
    (planned) => planned.plan.link !== undefined || (!realm.allowsDuplicates && mayBeWaitedFor(planned)),
  );
  const settledIds = settled.map(({ employeeId }) => employeeId);
  const [hinted] = await Promise.all([
    hintGuests(sql, lease, settledIds),
    leaveLearnerEvents(sql, events),
    countEffects(sql, lease, effects),
  ]);
  await wakeHinted(sql, lease, hinted);
};

/** LearnUpon lets such a person be created only where the realm's switch is on. */
const isKnownInRealm = (operation: Operation, { cells }: DirtyPerson, portal: string): boolean => {
  if (operation.kind !== 'create') return false;
  const value = operation[operation.identifier];
  return (
    value !== null &&
    cells.some(
      (cell) =>
        cell.portal !== portal &&
        cell.accounts.some((account) => account.listed && isSame(account[operation.identifier], value)),
    )
  );
};

/** The attempt says all that there is to say. The cell stays as it is until the outcome, also in the queue. */
const isToldByAttempt = ({ operation, link, inviteId }: CellPlan): boolean =>
  operation !== undefined && operation.kind !== 'check' && link === undefined && inviteId === undefined;

const taskOf = ({ person, plan }: Planned, portal: string): Task[] => {
  const { operation, isPartial, actual } = plan;
  if (operation === undefined) return [];
  return [
    {
      operation,
      subject: subjectOf(person, portal),
      ...(isToldByAttempt(plan) ? { planned: { version: person.version, actual } } : {}),
      ...(isPartial === true ? { isPartial } : {}),
      ...(isKnownInRealm(operation, person, portal) ? { isKnownInRealm: true } : {}),
    },
  ];
};

const writeTasks = async (sql: Sql, lease: LaneLease, plans: readonly Planned[]): Promise<Task[]> => {
  const tasks = plans.flatMap((planned) => taskOf(planned, lease.portal));
  const writes = tasks.filter(({ operation }) => operation.kind !== 'check');
  const ids = await beginAttempts(
    sql,
    lease,
    writes.map(({ operation, subject: { employeeId } }) => ({ operation, employeeId })),
  );
  return tasks.map((task) => {
    const attemptId = ids.get(task.subject.employeeId);
    return attemptId === undefined ? task : { ...task, attemptId };
  });
};

/**
 * Plans the next dirty cells and writes the plans and the calls that follow from them, in one transaction and only while
 * the lease holds. `inHand` are employees whose calls are under way: their cells are dirty until the outcome.
 */
export const planCells = (
  context: LaneContext,
  limit: number,
  inHand: readonly string[] = [],
): Promise<PlannedBatch> => {
  const { orm, lease, settings } = context;
  return inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    // The rules after the cells, which are dirty where they have changed, and before the mirrors: a read of another portal
    // that ends in between would call fresh what was loaded before it.
    const [, dirty, rules] = await Promise.all([
      takeHints(sql, lease, inHand),
      lockDirtyCells(sql, lease, limit, inHand),
      loadRealm(sql, lease.tenant, settings.mirrorMaxAgeSeconds, todayOf(context)),
    ]);
    const people = await loadPeople(sql, lease, rules, dirty);
    const realm = await withGroups(sql, context, rules, people);
    if (people.length === 0) return { planned: 0, tasks: [], realm, toWatch: [] };
    const plans = planPeople(context, realm, people);
    const isWriting = lease.mode !== 'observe';
    const toSave = plans.filter(({ plan }) => !isWriting || !isToldByAttempt(plan));
    const [, , tasks] = await Promise.all([
      savePlans(sql, lease, toSave),
      announceLinks(sql, context, realm, plans),
      isWriting ? writeTasks(sql, lease, plans) : [],
    ]);
    return { planned: people.length, tasks, realm, toWatch: offPortalsInTheWay(realm, plans) };
  });
};
