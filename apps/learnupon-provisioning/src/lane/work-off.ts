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

const recordBatch = async (context: LaneContext, { realm, ended }: CalledBatch): Promise<void> => {
  await recordOutcomes(context, realm, ended);
  await observeSwitch(context, ended);
};

const unsent = ({ realm, tasks }: Batch): CalledBatch => ({
  realm,
  ended: tasks.map((task) => ({ task, outcome: { state: 'unsent' } })),
});

/** After anything else the lane has to look at its portal before it plans more. */
const isPlain = ({ outcome }: EndedTask): boolean =>
  outcome.state === 'done' || (outcome.state === 'refused' && outcome.stale === undefined);

/** While a batch is called: what came of the one before it is recorded, tables are looked after, and the next one is planned. */
const besideCalls = async (
  context: LaneContext,
  before: CalledBatch | undefined,
  { tasks }: Batch,
  mayGoOn: () => Promise<boolean>,
): Promise<Batch | undefined> => {
  if (before !== undefined) await recordBatch(context, before);
  await context.statistics.refresh();
  if (before !== undefined && !before.ended.every(isPlain)) return undefined;
  const limit = mostCells(context, tasks.length);
  return limit >= 1 && (await mayGoOn()) ? planBatch(context, limit, tasks) : undefined;
};

/**
 * Plans, calls and records batch after batch, until there is nothing left, the portal is in trouble or has to be looked at,
 * or the lane may not go on. The portal is called all the while: what a batch needs of the database is done beside the
 * calls of another. What calls came to is recorded even where the next batch can't be planned.
 */
export const workOff = async (
  context: LaneContext,
  limit: number,
  mayGoOn: () => Promise<boolean>,
): Promise<WorkedOff> => {
  let batch = await planBatch(context, limit);
  let planned = batch.planned;
  let called: CalledBatch | undefined;
  while (batch.tasks.length > 0) {
    const [calls, preparation] = await Promise.allSettled([
      performTasks(context, batch.tasks, batch.leaseEndsAt),
      besideCalls(context, called, batch, mayGoOn),
    ]);
    if (calls.status === 'rejected') throw calls.reason;
    const { ended, trouble } = calls.value;
    called = { realm: batch.realm, ended };
    if (preparation.status === 'rejected') {
      await recordBatch(context, called);
      throw preparation.reason;
    }
    const next = preparation.value;
    if (trouble !== undefined) {
      await recordBatch(context, called);
      if (next !== undefined) await recordBatch(context, unsent(next));
      return { planned, trouble };
    }
    if (next === undefined) break;
    batch = next;
    planned += next.planned;
  }
  if (called !== undefined) await recordBatch(context, called);
  return { planned };
};
