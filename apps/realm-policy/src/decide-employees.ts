import { CLOCK, type Clock } from '@portico/service-kit';
import { MikroORM } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { inTransaction } from '@portico/database';
import { FreshBodies } from '@portico/messaging';
import { decideArrivals, saveArrivals, withPortalTotals } from './decide-arrivals.js';
import type { DecisionFrame } from './decide-person.js';
import { gatherArrivals, type EmployeeEvent } from './gather-arrivals.js';
import { holdRealms, type StoredRealm } from './persistence/realms.js';
import { PolicyCache } from './realm/policy-of.js';

/**
 * Decides on employees as they arrive. Whatever order the revisions of a person come in, and however often, the end is
 * that of their own order.
 */
@Injectable()
export class DecideEmployees {
  constructor(
    private readonly orm: MikroORM,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly policies: PolicyCache,
    private readonly fresh: FreshBodies,
  ) {}

  /**
   * Decides on a batch in one transaction, or keeps those whose cause is not whole yet. Gives the tenants in it that have
   * no realm: nothing is stored of theirs.
   */
  async decide(batch: readonly EmployeeEvent[]): Promise<{ readonly strangers: ReadonlySet<string> }> {
    const { bodies, strangers } = await inTransaction(this.orm, async (sql) => {
      const tenants = new Set(batch.map(({ employee }) => employee.tenant));
      const realms = await holdRealms(sql, [...tenants]);
      const { ready, whole } = await gatherArrivals(
        sql,
        batch.filter(({ employee }) => realms.has(employee.tenant)),
      );
      const decisions = await decideArrivals(sql, ready, this.framesOf(realms), { lock: true });
      const bodies = await saveArrivals(
        sql,
        ready,
        await withPortalTotals(sql, decisions, (cause) => whole.has(cause)),
      );
      return { bodies, strangers: new Set([...tenants].filter((tenant) => !realms.has(tenant))) };
    });
    this.fresh.keep(bodies);
    return { strangers };
  }

  private framesOf(realms: ReadonlyMap<string, StoredRealm>): ReadonlyMap<string, DecisionFrame> {
    return new Map([...realms].map(([tenant, realm]) => [tenant, frameOf(realm, this.policies, this.clock)]));
  }
}

export const frameOf = (realm: StoredRealm, policies: PolicyCache, clock: Clock): DecisionFrame => ({
  realm,
  policy: policies.get(realm.document, realm.version),
  today: clock.today(realm.timeZone).toString(),
  now: clock.now().toString(),
});
