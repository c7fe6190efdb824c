import { NAME_FIELDS } from '@portico/access-policy';
import { MikroORM } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller, PeopleNamesAnswer, PeopleNamesRequest, PolicyStatusAnswer } from '@portico/contracts';
import { QuestionError, type Sql } from '@portico/messaging';
import { CLOCK, type Clock } from '@portico/service-kit';
import { inSnapshot, sqlOf } from '@portico/database';
import { PolicyConfig } from './config.js';
import { findGatherings, type Gathering } from './persistence/arriving-causes.js';

type Counts = Omit<PolicyStatusAnswer, 'policyVersion' | 'realmRevision' | 'gathering'>;

interface RealmRow {
  readonly version: number;
  readonly revision: number;
  readonly timeZone: string;
  readonly isPublished: boolean;
}

const REALM = `
  select version, revision::float8, time_zone as "timeZone", revision = published_revision as "isPublished"
  from realm where tenant = $1 and version > 0`;

const MAX_NAMES = 1_000;

const IS_STALE = `policy_version <> $2 or coalesce(due_on <= $3::date, false)`;

/** Everybody is looked at once, by the narrow columns alone; those who wait, who are few but for a first read, are added. */
const COUNTS = `
  with known as (
    select count(*) as people, count(*) filter (where revision > 0) as decisions,
      count(*) filter (where revision > published_revision) as unpublished, count(*) filter (where ${IS_STALE}) as stale,
      max(employee_revision) as newest, sum(employee_revision) as employee_sum, max(revision) as newest_access,
      sum(revision) as access_sum
    from access where tenant = $1
  ), arrived as (
    select employee_id, max(revision) as newest from arrival where tenant = $1 and facts is not null group by 1
  ), waiting as (
    select count(*) filter (where access.tenant is null) as strangers,
      count(*) filter (where access.tenant is null or not (${IS_STALE})) as undecided, max(newest) as newest,
      sum(greatest(newest - coalesce(employee_revision, 0), 0)) as ahead
    from arrived left join access on access.tenant = $1 and access.employee_id = arrived.employee_id
  )
  select (people + strangers)::int as employees, decisions::int, unpublished::int, (stale + undecided)::int as undecided,
    coalesce(greatest(known.newest, waiting.newest), 0)::float8 as "maxEmployeeRevision",
    (coalesce(employee_sum, 0) + coalesce(ahead, 0))::text as "employeeRevisionSum",
    coalesce(newest_access, 0)::float8 as "maxAccessRevision", coalesce(access_sum, 0)::text as "accessRevisionSum"
  from known, waiting`;

/** There is more to be decided or published, or people are waited for. */
export const isUnderWay = ({ undecided, unpublished, gathering }: PolicyStatusAnswer): boolean =>
  undecided > 0 || unpublished > 0 || (gathering ?? []).length > 0;

/** Questions about decisions and people. */
@Injectable()
export class AskPolicy {
  constructor(
    private readonly orm: MikroORM,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly config: PolicyConfig,
  ) {}

  /**
   * All at one moment, or what is decided between two looks is in neither.
   * @throws QuestionError `not-found` before the first apply.
   */
  status({ tenant }: Caller): Promise<PolicyStatusAnswer> {
    return inSnapshot(this.orm, (sql) => this.statusWithin(sql, tenant));
  }

  private async statusWithin(sql: Sql, tenant: string): Promise<PolicyStatusAnswer> {
    const [realm] = await sql<RealmRow>(REALM, [tenant]);
    if (!realm) throw new QuestionError('not-found', `${tenant} has no realm yet: apply its realm.yaml`);
    const [counts] = await sql<Counts>(COUNTS, [tenant, realm.version, this.clock.today(realm.timeZone).toString()]);
    const { unpublished, ...rest } = counts as Counts;
    const gatherings = await findGatherings(sql, tenant);
    return {
      ...rest,
      unpublished: unpublished + (realm.isPublished ? 0 : 1),
      policyVersion: realm.version,
      realmRevision: realm.revision,
      gathering: gatherings.map((gathering) => toShown(gathering, this.config.gatherWaitMs)),
    };
  }

  /** Names by employee id; people that are not known are left out. */
  async names({ tenant }: Caller, { employeeIds }: PeopleNamesRequest): Promise<PeopleNamesAnswer> {
    if (!Array.isArray(employeeIds) || employeeIds.length > MAX_NAMES) {
      throw new QuestionError('invalid', `employeeIds must list at most ${MAX_NAMES} ids`);
    }
    const rows = await sqlOf(this.orm.em.fork())<{ employeeId: string; first: string | null; last: string | null }>(
      `select employee_id as "employeeId", facts->'fields'->>$3 as first, facts->'fields'->>$4 as last
       from access join employee_revision using (tenant, employee_id)
       where tenant = $1 and employee_id = any($2::text[]) and employee_revision.revision = access.employee_revision`,
      [tenant, employeeIds, NAME_FIELDS.firstName, NAME_FIELDS.lastName],
    );
    return Object.fromEntries(
      rows.map(({ employeeId, first, last }) => [employeeId, [first, last].filter(Boolean).join(' ')]),
    );
  }
}

const toShown = (
  { kind, id, people, arrived, startedAt, touchedAt }: Gathering,
  waitMs: number,
): NonNullable<PolicyStatusAnswer['gathering']>[number] => ({
  cause: { kind, id },
  people,
  arrived,
  since: startedAt,
  decidedAt: Temporal.Instant.from(touchedAt).add({ milliseconds: waitMs }).toString(),
});
