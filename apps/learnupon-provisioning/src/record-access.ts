import type { MikroORM } from '@mikro-orm/postgresql';
import type { AccessDecidedV1 } from '@portico/contracts';
import { announceHolds } from './open-holds.js';
import { addCells, changeCells, claimWanted, recordPeople } from './persistence/wanted.js';
import { partition } from './persistence/group-by.js';
import { wakeLanes } from './persistence/lanes.js';
import { inTransaction } from '@portico/database';

export interface Decision {
  readonly access: AccessDecidedV1;
  readonly traceparent?: string | undefined;
}

const keyOf = ({ tenant, employeeId }: { tenant: string; employeeId: string }): string => `${tenant} ${employeeId}`;

/** Of several decisions about one person only the newest says anything. */
const newestOf = (decisions: readonly Decision[]): Decision[] => {
  const newest = new Map<string, Decision>();
  for (const decision of decisions) {
    const key = keyOf(decision.access);
    const other = newest.get(key);
    if (other === undefined || other.access.revision < decision.access.revision) newest.set(key, decision);
  }
  return [...newest.values()];
};

/**
 * Records what is wanted, for all portals of each person in one transaction, and marks what a lane must look at. A revision
 * that is not newer changes nothing. Answers whether there is work.
 */
export const recordAccess = (orm: MikroORM, decisions: readonly Decision[]): Promise<boolean> =>
  inTransaction(orm, async (sql) => {
    const candidates = newestOf(decisions);
    const newer = new Map((await recordPeople(sql, candidates)).map((person) => [keyOf(person), person.isNew]));
    const accepted = candidates.filter(({ access }) => newer.has(keyOf(access))).map(({ access }) => access);
    if (accepted.length === 0) return false;
    const [added, changed] = partition(accepted, (access) => newer.get(keyOf(access)) === true);
    const [fresh, touched] = await Promise.all([
      addCells(sql, added),
      changeCells(sql, changed),
      claimWanted(sql, accepted),
    ]);
    await announceHolds(sql, accepted);
    const dirty = [...fresh, ...touched];
    await wakeLanes(
      sql,
      dirty.map(({ tenant }) => tenant),
      dirty.map(({ portal }) => portal),
    );
    return dirty.length > 0;
  });
