import { admin, openPolicyDatabase, type PolicyDatabase } from './policy-database.js';
import { employee, NOON, TENANT } from './policy-company.js';
import { fill } from './what-if.js';

const DAYS = 365;
const ASKED = 200;
const OTHERS = 5_000;
const MIB = 1024 * 1024;

export interface ExplainMeasure {
  readonly asked: number;
  readonly worstSeconds: number;
  readonly medianSeconds: number;
  /** All of the person's records and decisions up to the moment, read by a plain client; the median. */
  readonly floorSeconds: number;
  readonly megabytes: number;
}

/** A year in which the record changes every day, and most days a decision with it. */
const liveAYear = async (database: PolicyDatabase): Promise<void> => {
  const begin = Temporal.Instant.from(NOON);
  for (let day = 0; day < DAYS; day += 1) {
    const now = begin.add({ hours: 24 * day });
    database.clock.set(now.toString());
    const changed = { ...employee(7, day + 2), recordedAt: now.toString() };
    await database.employees.decide([{ employee: changed, traceparent: undefined }]);
  }
};

const moments = (): string[] => {
  const begin = Temporal.Instant.from(NOON);
  return Array.from({ length: ASKED }, (_, index) =>
    begin.add({ hours: Math.floor((index * 24 * DAYS) / ASKED) }).toString(),
  );
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
};
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Why one person has access to one portal, at moments all over a year of history. */
export const measureExplain = async (log: (line: string) => void): Promise<ExplainMeasure> => {
  const database = await openPolicyDatabase();
  try {
    log(`explain: a person with ${DAYS} days of history among ${OTHERS} others`);
    await fill(database, OTHERS);
    await liveAYear(database);
    const { employeeId } = employee(7);
    const before = process.memoryUsage().rss;
    const took: number[] = [];
    const floor: number[] = [];
    for (const [index, at] of moments().entries()) {
      const portal = `portal-${index % 20}`;
      took.push(await timed(() => database.explain.explain(admin, { employeeId, portal, at })));
      floor.push(
        await timed(async () => {
          await database.client.query(
            `select facts from employee_revision where tenant = $1 and employee_id = $2
               and (facts->>'recordedAt')::timestamptz <= $3::timestamptz`,
            [TENANT, employeeId, at],
          );
          await database.client.query(
            'select event from access_history where tenant = $1 and employee_id = $2 and decided_at <= $3::timestamptz',
            [TENANT, employeeId, at],
          );
        }),
      );
    }
    return {
      asked: took.length,
      worstSeconds: Math.max(...took),
      medianSeconds: median(took),
      floorSeconds: median(floor),
      megabytes: Math.max(0, Math.round((process.memoryUsage().rss - before) / MIB)),
    };
  } finally {
    await database.stop();
  }
};
