import { sqlOf } from '@portico/database';
import type { Realm } from '@portico/provisioning-plan';
import { watchPortals } from '../persistence/watch.js';
import type { LaneContext } from './lane-context.js';
import { observeSwitch } from './observe-switch.js';
import { performTasks, type EndedTask } from './perform-tasks.js';
import { planCells, type PlannedBatch, type Task } from './plan-cells.js';
import { recordOutcomes } from './record-outcomes.js';
import type { Trouble } from './trouble.js';

/** Most cells that are planned, called and recorded together. */
const MOST = 256;
/** What the calls of a batch may take, since nobody else has the lane meanwhile. */
const BATCH_MS = 500;

interface Batch extends PlannedBatch {
  /** Until when its calls must have ended, as its attempts say; by `performance.now()`. */
  readonly leaseEndsAt: number;
}

interface CalledBatch {
  readonly realm: Realm;
  readonly ended: readonly EndedTask[];
}

/** For how long a lane goes on. */
export interface TurnTime {
  /** Whether more is to be planned, to be called now or in so many milliseconds. */
  readonly mayPlan: (aheadMs?: number) => Promise<boolean>;
  /** Whether what is planned may be called. */
  readonly mayCall: () => Promise<boolean>;
}

export interface WorkedOff {
  /** Cells that were planned, with a call or without. */
  readonly planned: number;
  readonly trouble?: Trouble;
}

/** As many as the portal answers in a while, and as its pace allows beside the calls that are planned already. */
export const mostCells = ({ lease, pace, tempo, settings }: LaneContext, inHand = 0): number => {
  const timely = Math.min(MOST, tempo.callsWithin(BATCH_MS, settings.concurrency));
  return lease.mode === 'observe' ? MOST : Math.min(timely, pace.available() - inHand);
};

const planBatch = async (context: LaneContext, limit: number, inHand: readonly Task[] = []): Promise<Batch> => {
  const { orm, lease, settings } = context;
  // What is left of the lease is counted from before it is renewed: rather too short than too long.
  const leaseEndsAt = performance.now() + settings.leaseSeconds * 1_000;
  const batch = await planCells(
    context,
    limit,
    inHand.map(({ subject }) => subject.employeeId),
  );
  await watchPortals(sqlOf(orm.em.fork()), lease.tenant, batch.toWatch);
  return { ...batch, leaseEndsAt };
};

/** One after the other, each taken out once it is recorded. */
const recordAll = async (context: LaneContext, called: CalledBatch[]): Promise<void> => {
  for (let batch = called[0]; batch !== undefined; batch = called[0]) {
    await recordOutcomes(context, batch.realm, batch.ended);
    called.shift();
    await observeSwitch(context, batch.ended);
  }
};

const unsent = ({ realm, tasks }: Batch): CalledBatch => ({
  realm,
  ended: tasks.map((task) => ({ task, outcome: { state: 'unsent' } })),
});

/** After anything else the lane has to look at its portal before it plans more. */
const isPlain = ({ outcome }: EndedTask): boolean =>
  outcome.state === 'done' ||
  (outcome.state === 'refused' && outcome.stale === undefined && outcome.reason !== 'licences-full');

/** While a batch is called: what came of those before it is recorded, and the next one is planned. */
const besideCalls = async (
  context: LaneContext,
  before: CalledBatch[],
  { tasks }: Batch,
  { mayPlan }: TurnTime,
): Promise<Batch | undefined> => {
  const isQuiet = before.every(({ ended }) => ended.every(isPlain));
  await recordAll(context, before);
  const limit = mostCells(context, tasks.length);
  return isQuiet && limit >= 1 && (await mayPlan(BATCH_MS)) ? planBatch(context, limit, tasks) : undefined;
};

/**
 * Plans, calls and records batch after batch, until there is nothing left, the portal is in trouble or has to be looked at,
 * or the lane may not go on. The portal is called all the while: what a batch needs of the database is done beside the
 * calls of another. What calls came to is recorded even where the next batch can't be planned, and a batch that was
 * planned is handed back where the lane may not go on by now: its portal is configured otherwise, or another lane waits.
 * Where one waits already, none is planned ahead.
 */
export const workOff = async (context: LaneContext, limit: number, turn: TurnTime): Promise<WorkedOff> => {
  const called: CalledBatch[] = [];
  let batch = await planBatch(context, limit);
  let planned = batch.planned;
  while (batch.tasks.length > 0) {
    const [calls, preparation] = await Promise.allSettled([
      performTasks(context, batch.tasks, batch.leaseEndsAt),
      besideCalls(context, called, batch, turn),
    ]);
    if (calls.status === 'rejected') throw calls.reason;
    const { ended, trouble } = calls.value;
    called.push({ realm: batch.realm, ended });
    if (preparation.status === 'rejected') {
      await recordAll(context, called);
      throw preparation.reason;
    }
    const next = preparation.value;
    if (next === undefined || trouble !== undefined || !(await turn.mayCall())) {
      await recordAll(context, next === undefined ? called : [...called, unsent(next)]);
      return trouble === undefined ? { planned } : { planned, trouble };
    }
    batch = next;
    planned += next.planned;
  }
  await recordAll(context, called);
  return { planned };
};
