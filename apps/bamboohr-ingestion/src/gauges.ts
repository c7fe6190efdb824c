import { unpublishedRows, type RowGauge } from '@portico/database';

/** The tenants of these pools whose read is due or under way: what `READERS` and replicas are there for. */
const READS_DUE = `
  select pool.name as pool, count(tenant.tenant)::int as value
  from unnest($1::text[]) as pool (name)
    left join tenant on tenant.pool = pool.name and tenant.active and tenant.not_before <= now()
      and (tenant.leased_until > now() or tenant.full_due_at <= $2::timestamptz or tenant.poll_due_at <= $2::timestamptz
        or exists (select 1 from read where read.tenant = tenant.tenant and read.state in ('waiting', 'running')))
  group by pool.name`;

/** Of all pools together that this worker serves. */
const LOAD = `select coalesce(sum(value), 0)::int as value from (${READS_DUE}) as load`;

const OVERDUE = `
  select tenant, greatest(0, extract(epoch from $2::timestamptz - least(full_due_at, poll_due_at)))::float8 as value
  from tenant where active and pool = any($1::text[])`;

const FAILURES = 'select tenant, failures as value from tenant where active and pool = any($1::text[])';

/** What an SRE watches. `now` is the clock of the business, which due times follow. */
export const ingestionGauges = (pools: readonly string[], now: () => string): readonly RowGauge[] => [
  unpublishedRows({ employee: 'revision > published_revision', outbox: 'true' }),
  {
    name: 'tenants',
    help: 'Tenants by the pool that is to serve them, also of pools that are not served here.',
    labels: ['pool'],
    sql: 'select pool, count(*)::int as value from tenant where active group by pool',
  },
  {
    name: 'reads_due',
    help: 'Tenants whose read of BambooHR is due or under way.',
    labels: ['pool'],
    sql: READS_DUE,
    params: () => [pools, now()],
  },
  {
    name: 'pool_load',
    help: 'What the pools of this worker are scaled by.',
    labels: [],
    sql: LOAD,
    params: () => [pools, now()],
  },
  {
    name: 'read_overdue_seconds',
    help: 'For how long the read of a tenant has been due.',
    labels: ['tenant'],
    sql: OVERDUE,
    params: () => [pools, now()],
  },
  {
    name: 'read_failures',
    help: 'Reads of a tenant that failed since the last that did not.',
    labels: ['tenant'],
    sql: FAILURES,
    params: () => [pools],
  },
];
