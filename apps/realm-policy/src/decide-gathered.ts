import { MikroORM } from '@mikro-orm/postgresql';
import { inTransaction, sqlOf } from '@portico/database';
import type { FreshBodies, FreshBody, Sql } from '@portico/messaging';
import type { Clock } from '@portico/service-kit';
import { addPortals, decideArrivals, withTotals, type Arrival } from './decide-arrivals.js';
import type { DecidedPerson, DecisionFrame } from './decide-person.js';
import { frameOf } from './decide-employees.js';
import { countedSoFar, isOutdated, judgeCause, judgedBy } from './judge-cause.js';
import { endArrivals, nextArrivals, type WaitingArrival } from './persistence/arrivals.js';
import {
  endRound,
  postponeArrivingCause,
  saveArrivingCause,
  takeArrivingCause,
  type ArrivingCause,
} from './persistence/arriving-causes.js';
import { saveDecisions } from './persistence/people.js';
import { holdRealms, type StoredRealm } from './persistence/realms.js';
import type { PolicyCache } from './realm/policy-of.js';

export interface DecideGatheredOptions {
  readonly clock: Clock;
  readonly policies: PolicyCache;
  readonly fresh: FreshBodies;
  /** After so long without anybody new, a cause is decided without those who are missing. */
  readonly waitMs: number;
  /** People in a transaction. */
  readonly chunk?: number;
}

/**
 * Decides on those who waited for the rest of their read: everybody is decided twice, to be counted and then to be
 * stored and published, a chunk at a time. It goes on where it stopped, whatever stops it.
 */
export class DecideGathered {
  private readonly chunk: number;
  private readonly startedAt = performance.now();

  constructor(
    private readonly orm: MikroORM,
    private readonly options: DecideGatheredOptions,
  ) {
    this.chunk = options.chunk ?? 1_000;
  }

  /** One chunk of some tenant's work; false where there is none. Work that fails goes to the end of the queue. */
  async runChunk(pools: readonly string[]): Promise<boolean> {
    let work: ArrivingCause | undefined;
    try {
      const bodies = await inTransaction(this.orm, async (sql) => {
        work = await takeArrivingCause(sql, pools, this.quietSeconds());
        const realm = work && (await holdRealms(sql, [work.tenant])).get(work.tenant);
        return work && realm ? this.advance(sql, work, realm) : [];
      });
      this.options.fresh.keep(bodies);
    } catch (error) {
      if (work !== undefined) await postponeArrivingCause(sqlOf(this.orm.em.fork()), work);
      throw error;
    }
    return work !== undefined;
  }

  /** What was sent while this process did not run is taken in first. */
  private quietSeconds(): number | undefined {
    const { waitMs } = this.options;
    return performance.now() - this.startedAt < waitMs ? undefined : waitMs / 1_000;
  }

  private async advance(sql: Sql, work: ArrivingCause, realm: StoredRealm): Promise<readonly FreshBody[]> {
    const { policies, clock } = this.options;
    const frame = frameOf(realm, policies, clock);
    if (isOutdated(work, frame)) return countAnew(sql, work);
    const page = await nextArrivals(sql, work, { after: work.after, limit: this.chunk });
    const isLast = page.length < this.chunk;
    // Those who fit in one chunk are counted and decided in it.
    const isToBeSaved = work.phase === 'deciding' || (work.after === '' && isLast);
    const arrivals = page.map((waiting) => toArrival(work, waiting));
    const decisions = await decideArrivals(sql, arrivals, new Map([[work.tenant, frame]]), { lock: isToBeSaved });
    const counted = await this.count(sql, work, { frame, decisions, isLast });
    const [bodies] = await Promise.all([
      isToBeSaved ? this.save(sql, counted, arrivals, decisions) : [],
      isToBeSaved && isLast
        ? endRound(sql, counted)
        : saveArrivingCause(sql, { ...counted, ...nextStep(work, isLast ? undefined : page.at(-1)) }),
    ]);
    return bodies;
  }

  /** In the end as a whole. */
  private async count(
    sql: Sql,
    work: ArrivingCause,
    { frame, decisions, isLast }: { frame: DecisionFrame; decisions: readonly DecidedPerson[]; isLast: boolean },
  ): Promise<ArrivingCause> {
    if (work.phase === 'deciding') return work;
    const counted = { ...work, totals: addPortals(work.totals, decisions), judged: judgedBy(frame) };
    return isLast ? { ...counted, totals: await judgeCause(sql, frame, counted) } : counted;
  }

  private async save(
    sql: Sql,
    work: ArrivingCause,
    arrivals: readonly Arrival[],
    decisions: readonly DecidedPerson[],
  ): Promise<readonly FreshBody[]> {
    const ids = arrivals.map(({ employeeId }) => employeeId);
    const [bodies] = await Promise.all([
      saveDecisions(sql, withTotals(decisions, work.totals)),
      endArrivals(sql, work, ids),
    ]);
    return bodies;
  }
}

/** The policy or the day has changed since it was counted. */
const countAnew = async (sql: Sql, work: ArrivingCause): Promise<readonly FreshBody[]> => {
  const totals = { ...work.totals, portals: await countedSoFar(sql, work.tenant, work) };
  await saveArrivingCause(sql, { ...work, totals, judged: null, phase: 'counting', after: '' });
  return [];
};

const toArrival = (
  { tenant, kind, id, totals }: ArrivingCause,
  { employeeId, revision, facts, traceparent }: WaitingArrival,
): Arrival => ({
  tenant,
  employeeId,
  revision,
  facts,
  cause: { kind, id, totals },
  traceparent: traceparent ?? undefined,
});

const nextStep = (
  { phase }: ArrivingCause,
  last: WaitingArrival | undefined,
): Pick<ArrivingCause, 'phase' | 'after'> =>
  last === undefined
    ? { phase: 'deciding', after: '' }
    : { phase: phase === 'deciding' ? phase : 'counting', after: last.employeeId };
