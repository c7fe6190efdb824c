import { MikroORM } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { FreshBodies, type FreshBody, type Sql } from '@portico/messaging';
import { CLOCK, type Clock } from '@portico/service-kit';
import { countDecisions } from './count-decisions.js';
import { decidePerson } from './decide-person.js';
import { frameOf } from './decide-employees.js';
import { countedSoFar, isOutdated, judgeCause, judgedBy } from './judge-cause.js';
import { nextPeople, saveDecisions, type RedecisionSelection } from './persistence/people.js';
import { holdRealms, tenantsOf, type StoredRealm } from './persistence/realms.js';
import {
  endRedecision,
  NO_TOTALS,
  postponeRedecision,
  requestDueRedecisions,
  saveRedecision,
  takeRedecision,
  type Redecision,
} from './persistence/redecisions.js';
import { inTransaction, sqlOf } from '@portico/database';
import { PolicyCache } from './realm/policy-of.js';

const CHUNK = 1_000;

/**
 * Decides people again without news of them: all of a tenant when its policy changed, and those whose day has come. It
 * goes on where it stopped, whatever stops it, and takes tenants in turn.
 */
@Injectable()
export class RedecidePeople {
  constructor(
    private readonly orm: MikroORM,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly policies: PolicyCache,
    private readonly fresh: FreshBodies,
  ) {}

  /** Asks for those whose day has come in their company's time zone; found by due date, never by looking at everyone. */
  async requestDue(pools: readonly string[]): Promise<number> {
    const sql = sqlOf(this.orm.em.fork());
    const tenants = await tenantsOf(sql, pools);
    const days = tenants.map(({ tenant, timeZone }) => ({ tenant, today: this.clock.today(timeZone).toString() }));
    return requestDueRedecisions(sql, days, this.clock.now().epochMilliseconds);
  }

  /** One chunk of some tenant's work; false where there is none. Work that fails goes to the end of the queue. */
  async runChunk(pools: readonly string[]): Promise<boolean> {
    let work: Redecision | undefined;
    try {
      const bodies = await inTransaction(this.orm, async (sql) => {
        work = await takeRedecision(sql, pools);
        const realm = work && (await holdRealms(sql, [work.tenant])).get(work.tenant);
        return work && realm ? this.advance(sql, work, realm) : [];
      });
      this.fresh.keep(bodies);
    } catch (error) {
      if (work !== undefined) await postponeRedecision(sqlOf(this.orm.em.fork()), work);
      throw error;
    }
    return work !== undefined;
  }

  private async advance(sql: Sql, work: Redecision, realm: StoredRealm): Promise<readonly FreshBody[]> {
    const frame = frameOf(realm, this.policies, this.clock);
    if (isOutdated(work, frame)) return countAnew(sql, work);
    const judged = judgedBy(frame);
    const isCounting = work.phase === 'counting';
    const page = { after: work.after, limit: CHUNK, lock: !isCounting };
    const people = await nextPeople(sql, work.tenant, selectionOf(work, realm), page);
    const decisions = people.map(({ person, facts }) =>
      decidePerson(person, [facts], person.standing, frame, {
        employeeRevision: person.employeeRevision,
        cause: { kind: work.kind, id: work.id, totals: work.totals },
        traceparent: work.traceparent ?? undefined,
      }),
    );
    const bodies = isCounting ? [] : await saveDecisions(sql, decisions);
    const totals = isCounting ? countDecisions(work.totals, decisions) : work.totals;
    const last = people.length < CHUNK ? undefined : people.at(-1)?.person.employeeId;
    if (last !== undefined) await saveRedecision(sql, { ...work, totals, judged, after: last });
    else if (isCounting) {
      const whole = await judgeCause(sql, frame, { ...work, totals });
      await saveRedecision(sql, { ...work, totals: whole, judged, phase: 'deciding', after: '' });
    } else await endRedecision(sql, work);
    return bodies;
  }
}

/** The policy or the day has changed since it was counted. */
const countAnew = async (sql: Sql, work: Redecision): Promise<readonly FreshBody[]> => {
  const totals = { ...NO_TOTALS, portals: await countedSoFar(sql, work.tenant, work) };
  await saveRedecision(sql, { ...work, totals, judged: null, phase: 'counting', after: '' });
  return [];
};

const selectionOf = ({ kind, day }: Redecision, realm: StoredRealm): RedecisionSelection =>
  kind === 'policy' ? { kind, version: realm.version } : { kind, day: day ?? '' };
