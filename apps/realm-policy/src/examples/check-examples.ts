import { isDeepStrictEqual } from 'node:util';
import { previousOf, type RealmPolicy } from '@portico/access-policy';
import type { ExampleView } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { Clock } from '@portico/service-kit';
import { toFacts, type StoredFacts } from '../facts.js';
import { standingColumns, toStanding, type StandingRow } from '../persistence/standing-row.js';
import type { DocumentFault } from '../realm/check-document.js';
import { policyOf } from '../realm/policy-of.js';
import type { RealmDocument } from '../realm/realm-document.js';
import { factsOf, type PolicyExample } from './example.js';
import { judgeExample, type ExamplePerson } from './judge-example.js';

/** How the examples of a document stand under it, now. */
export const viewExamples = async (sql: Sql, document: RealmDocument, clock: Clock): Promise<ExampleView[]> => {
  const examples = document.examples ?? [];
  if (examples.length === 0) return [];
  const records = await recordsOf(sql, document.tenant, examples);
  return judgeAll(examples, document, records, clock);
};

export interface ExamplesFound {
  readonly faults: readonly DocumentFault[];
  readonly warnings: readonly string[];
}

/**
 * What a change would do to the examples that are saved with it. One that the change breaks is a fault; one that did not
 * hold before either is no fault of the change, and one of somebody who is not known can't be checked.
 */
export const checkExamples = async (
  sql: Sql,
  document: RealmDocument,
  stored: RealmDocument | undefined,
  clock: Clock,
): Promise<ExamplesFound> => {
  const examples = document.examples ?? [];
  if (examples.length === 0) return { faults: [], warnings: [] };
  const records = await recordsOf(sql, document.tenant, examples);
  const after = judgeAll(examples, document, records, clock);
  const before = brokenBefore(stored, records, clock);
  const wasBroken = (index: number) => before.some((example) => isDeepStrictEqual(example, examples[index]));
  const found = after.map((view, index) => ({ view, index, isOld: view.outcome === 'broken' && wasBroken(index) }));
  return {
    faults: found
      .filter(({ view, isOld }) => view.outcome === 'broken' && !isOld)
      .map(({ view, index }) => ({ path: `examples.${index}`, message: `"${view.name}" ${sentence(view)}` })),
    warnings: found.flatMap(({ view, isOld }) => {
      if (isOld) return [`the example "${view.name}" did not hold before either: ${sentence(view)}`];
      return view.outcome === 'unknown' ? [`the example "${view.name}" can't be checked: ${sentence(view)}`] : [];
    }),
  };
};

/** Examples of the stored version that do not hold under it: the world went on without them. */
const brokenBefore = (
  stored: RealmDocument | undefined,
  records: ReadonlyMap<string, ExampleRecord>,
  clock: Clock,
): readonly PolicyExample[] => {
  if (stored === undefined) return [];
  const examples = stored.examples ?? [];
  const views = judgeAll(examples, stored, records, clock);
  return examples.filter((_, index) => views[index]?.outcome === 'broken');
};

const sentence = ({ differences }: ExampleView): string => differences.join('; ');

interface ExampleRecord extends StandingRow {
  readonly employeeId: string;
  readonly facts: StoredFacts;
}

const recordsOf = async (
  sql: Sql,
  tenant: string,
  examples: readonly PolicyExample[],
): Promise<ReadonlyMap<string, ExampleRecord>> => {
  const ids = examples.flatMap(({ employee }) => employee ?? []);
  const rows = await sql<ExampleRecord>(
    `select access.employee_id as "employeeId", record.facts, ${standingColumns('access.event')}
     from access
     join employee_revision as record on record.tenant = access.tenant and record.employee_id = access.employee_id
       and record.revision = access.employee_revision
     where access.tenant = $1 and access.employee_id = any($2::text[])`,
    [tenant, ids],
  );
  return new Map(rows.map((row) => [row.employeeId, row]));
};

const judgeAll = (
  examples: readonly PolicyExample[],
  document: RealmDocument,
  records: ReadonlyMap<string, ExampleRecord>,
  clock: Clock,
): ExampleView[] => {
  const policy = policyOf(document);
  const [now, today] = [clock.now().toString(), clock.today(document.timeZone).toString()];
  return examples.map((example, index) => {
    const time = { now, today: example.day ?? today };
    return judgeExample(example, index, personOf(example, policy, document, records, time.today), policy, time);
  });
};

const personOf = (
  example: PolicyExample,
  policy: RealmPolicy,
  { timeZone }: RealmDocument,
  records: ReadonlyMap<string, ExampleRecord>,
  today: string,
): ExamplePerson | undefined => {
  if (example.employee === undefined) return { facts: factsOf(example, policy, today), previous: [] };
  const record = records.get(example.employee);
  if (record === undefined) return undefined;
  return { facts: toFacts(example.employee, record.facts, timeZone, policy), previous: previousOf(toStanding(record)) };
};
