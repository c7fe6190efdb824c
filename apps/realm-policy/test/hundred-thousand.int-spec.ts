import { sqlOf } from '@portico/database';
import { admin, startBench } from './database.js';
import { portal, withPortals } from './examples.js';

const PEOPLE = 100_000;
const ODD = 137;

/** People by numbers: every so-many-th is in Oslo. */
const FILL = `
  with made as (
    select index::text as id, jsonb_build_object(
      'employment', jsonb_build_object('state', 'employed', 'hireDate', '2024-01-08', 'lastDay', null, 'evidence', 'x'),
      'fields', jsonb_build_object('firstName', 'Ada', 'lastName', 'Moss ' || index, 'workEmail', index || '@acme.example',
        'department', case when index % 2 = 0 then 'Sales' else 'Legal' end,
        'location', case when index % ${ODD} = 0 then 'Oslo' else 'Cork' end),
      'unconfirmed', '[]'::jsonb, 'recordedAt', '2026-03-01T08:00:00Z') as facts
    from generate_series(1, ${PEOPLE}) as index
  ), records as (
    insert into employee_revision (tenant, employee_id, revision, facts) select 'acme', id, 1, facts from made
  )
  insert into access (tenant, employee_id, pool, employee_revision) select 'acme', id, 'shared', 1 from made`;

it('a policy change over 100,000 employees publishes only what differs', async () => {
  const bench = await startBench();
  const sql = sqlOf(bench.orm.em.fork());
  const unpublished = async () => {
    const [row] = await sql<{ count: number; of: number; history: number }>(
      `select count(*) filter (where revision > published_revision)::int as count,
         count(*) filter (where policy_version = 2)::int as of,
         (select count(*)::int from access_history) as history
       from access`,
    );
    return row!;
  };
  try {
    const rules = (emea: string) =>
      withPortals(
        { ...portal('academy', 'true'), topLevel: true },
        portal('emea', emea),
        portal('legal', 'department == "Legal"'),
      );
    await bench.realm.apply(admin, { document: rules('department == "Sales"') });
    await sql(FILL);
    await sql('analyze');
    await bench.redecide();
    expect(await unpublished()).toMatchObject({ count: PEOPLE, history: 0 });
    await sql('update access set published_revision = revision');

    await bench.realm.apply(admin, { document: rules('department == "Sales" && location != "Oslo"') });
    await bench.redecide();
    const differing = Math.floor(PEOPLE / (2 * ODD));
    expect(await unpublished()).toEqual({ count: differing, of: PEOPLE, history: differing });
    const [row] = await sql<{ totals: object }>(
      `select event->'cause'->'totals' as totals from access where revision > published_revision limit 1`,
    );
    expect(row?.totals).toMatchObject({
      movers: differing,
      portals: {
        academy: { granted: 0, changed: 0, withheld: 0 },
        emea: { granted: 0, changed: 0, withheld: differing },
      },
    });
  } finally {
    await bench.close();
  }
}, 600_000);
