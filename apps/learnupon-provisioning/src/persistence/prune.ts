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
 * Every other table is as large as the realm: people, cells, accounts, invites.
 */
export const pruneAttempts = async (sql: Sql, before: string): Promise<boolean> =>
  (await sql(PRUNE_ATTEMPTS, [before])).length === BITE;
