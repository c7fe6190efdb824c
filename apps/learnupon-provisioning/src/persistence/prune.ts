import type { MikroORM } from '@mikro-orm/postgresql';
import { inTransaction } from '@portico/database';
import type { Sql } from '@portico/messaging';

/** Small, so that it holds up nobody's turn. */
const BITE = 1_000;

/** Another replica may be at the same rows. */
const PRUNE_ATTEMPTS = `
  delete from attempt using (
    select tenant, portal, id from attempt where ended_at < $1::timestamptz limit ${BITE} for update skip locked) old
  where attempt.tenant = old.tenant and attempt.portal = old.portal and attempt.id = old.id
  returning 1`;

/**
 * Forgets some calls that ended before a moment; one without an outcome never ends. Answers whether there may be more.
 * Every other table but that of holds is as large as the realm: people, cells, accounts, invites.
 */
export const pruneAttempts = async (sql: Sql, before: string): Promise<boolean> =>
  (await sql(PRUNE_ATTEMPTS, [before])).length === BITE;

const HELD_BY_NOBODY = `not exists (
  select 1 from cell where cell.tenant = hold.tenant and cell.portal = hold.portal and hold_cause = hold.cause_id
    and hold_cause is not null and approved_cause is distinct from hold_cause)`;

const LOCK_OLD_HOLDS = `
  select tenant, portal, cause_id as "causeId" from hold
  where coalesce(approved_at, opened_at) < $1::timestamptz and ${HELD_BY_NOBODY}
  limit ${BITE} for update skip locked`;

const PRUNE_HOLDS = `
  delete from hold using unnest($1::text[], $2::text[], $3::text[]) as old (tenant, portal, cause_id)
  where (hold.tenant, hold.portal, hold.cause_id) = (old.tenant, old.portal, old.cause_id) and ${HELD_BY_NOBODY}`;

interface HoldRow {
  readonly tenant: string;
  readonly portal: string;
  readonly causeId: string;
}

/**
 * Forgets some holds that were opened, or approved, before a moment and by which nobody is held any more. That is looked at
 * once more under their locks: somebody may just have come by one. Answers whether there may be more.
 */
export const pruneHolds = (orm: MikroORM, before: string): Promise<boolean> =>
  inTransaction(orm, async (sql) => {
    const old = await sql<HoldRow>(LOCK_OLD_HOLDS, [before]);
    if (old.length === 0) return false;
    await sql(PRUNE_HOLDS, [
      old.map(({ tenant }) => tenant),
      old.map(({ portal }) => portal),
      old.map(({ causeId }) => causeId),
    ]);
    return old.length === BITE;
  });
