import type { MikroORM } from '@mikro-orm/postgresql';
import type { RealmChangedV1 } from '@portico/contracts';
import { NOTIFY_RELAY_SQL, recordSubjectMove, type Sql } from '@portico/messaging';
import type { Clock } from '@portico/service-kit';
import { moveEmployees } from './persistence/employees.js';
import { inTransaction } from '@portico/database';

interface StoredRealm {
  readonly revision: number;
  readonly pool: string;
  readonly active: boolean;
  readonly time_zone: string;
  readonly company: string;
  readonly base_url: string | null;
  readonly secret_ref: string;
  readonly fields: string[];
  readonly poll_seconds: number;
  readonly full_read_seconds: number;
}

/** What of a realm concerns the reading of its source. */
const columnsOf = (realm: RealmChangedV1): StoredRealm => ({
  revision: realm.revision,
  pool: realm.pool,
  active: realm.active,
  time_zone: realm.timeZone,
  company: realm.source.company,
  base_url: realm.source.baseUrl ?? null,
  secret_ref: realm.source.secretRef,
  fields: [...realm.source.fields].sort(),
  poll_seconds: realm.source.pollSeconds,
  full_read_seconds: realm.source.fullReadSeconds,
});

/** A realm whose source is another one, or looked at in another way, is read at once. */
const mustBeRead = (before: StoredRealm | undefined, now: StoredRealm): boolean => {
  const view = ({ active, time_zone, company, base_url, secret_ref, fields }: StoredRealm) =>
    JSON.stringify([active, time_zone, company, base_url, secret_ref, fields]);
  return before === undefined || view(before) !== view(now);
};

const LOAD = `
  select revision::float8, pool, active, time_zone, company, base_url, secret_ref, fields, poll_seconds, full_read_seconds
  from tenant where tenant = $1 for update`;

const INSERT = `
  insert into tenant (tenant, revision, pool, active, time_zone, company, base_url, secret_ref, fields, poll_seconds,
    full_read_seconds, full_due_at, poll_due_at, not_before, changed_seen)
  values ($1, 0, '', false, '', '', null, '', '[]', 1, 1, $2, $2, now(), '{}')
  on conflict (tenant) do nothing`;

const UPDATE = `
  update tenant set revision = $2, pool = $3, active = $4, time_zone = $5, company = $6, base_url = $7, secret_ref = $8,
    fields = $9::jsonb, poll_seconds = $10, full_read_seconds = $11
  where tenant = $1`;

/** The feed of another company is another feed. */
const READ_AT_ONCE = `
  update tenant set full_due_at = $2, not_before = now(), failures = 0, finding = null,
    changed_since = case when $3 then null else changed_since end,
    changed_seen = case when $3 then '{}' else changed_seen end
  where tenant = $1`;

const GIVE_UP_READS = `
  update read set state = 'failed', finished_at = now(), reason = 'the tenant was switched off'
  where tenant = $1 and state in ('waiting', 'running')`;

/** Takes over a tenant's source as `realm.changed` says; a revision that is not newer changes nothing. */
export class StoreRealm {
  constructor(
    private readonly orm: MikroORM,
    private readonly clock: Clock,
  ) {}

  /** Answers whether it was newer. */
  store(realm: RealmChangedV1): Promise<boolean> {
    return inTransaction(this.orm, async (sql) => {
      await sql(INSERT, [realm.tenant, this.clock.now().toString()]);
      const [stored] = await sql<StoredRealm>(LOAD, [realm.tenant]);
      if (stored !== undefined && stored.revision >= realm.revision) return false;
      await this.replace(sql, realm, stored?.revision === 0 ? undefined : stored);
      return true;
    });
  }

  private async replace(sql: Sql, realm: RealmChangedV1, before: StoredRealm | undefined): Promise<void> {
    const now = this.clock.now();
    const { revision, fields, ...next } = columnsOf(realm);
    await sql(UPDATE, [
      realm.tenant,
      revision,
      next.pool,
      next.active,
      next.time_zone,
      next.company,
      next.base_url,
      next.secret_ref,
      JSON.stringify(fields),
      next.poll_seconds,
      next.full_read_seconds,
    ]);
    if (mustBeRead(before, { revision, fields, ...next })) {
      const isOtherCompany = before?.company !== next.company || before.base_url !== next.base_url;
      await sql(READ_AT_ONCE, [realm.tenant, now.toString(), isOtherCompany]);
    }
    if (!next.active) await sql(GIVE_UP_READS, [realm.tenant]);
    if (before !== undefined && before.pool !== next.pool) {
      await moveEmployees(sql, realm.tenant, next.pool, now.epochMilliseconds);
      await recordSubjectMove(sql, realm.tenant, before.pool, next.pool);
      await sql(NOTIFY_RELAY_SQL);
    }
  }
}
