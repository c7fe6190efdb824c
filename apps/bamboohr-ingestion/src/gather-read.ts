import type { BambooHrClient, ChangedEmployee, ChangedFeed } from '@portico/bamboohr-client';
import { EVIDENCE_FIELDS, judgeEmployment, type ReadSummary, type Sighting } from '@portico/employee-changes';

/** Where the changed-since feed is followed from next time. */
export interface FeedPosition {
  readonly since: string;
  /** Changes at or after `since` that were dealt with: employee id → when it changed. */
  readonly seen: Readonly<Record<string, string>>;
}

/** What one read brought, before anything is compared. */
export interface GatheredRead {
  readonly kind: 'full' | 'changed';
  readonly sightings: readonly Sighting[];
  /** Of a full read. */
  readonly summary?: ReadSummary;
  readonly position: FeedPosition;
}

export interface GatherContext {
  readonly client: BambooHrClient;
  /** The fields that policy uses. */
  readonly fields: readonly string[];
  /** The company's day, `YYYY-MM-DD`. */
  readonly today: string;
  readonly startedAt: Temporal.Instant;
  readonly signal: AbortSignal;
}

/** BambooHR's clock and ours may differ so much, and a read takes a while to show what was written. */
const FIRST_OVERLAP = { seconds: 60 };
/** Whether `since` is inclusive is not documented, and the feed counts in whole seconds. */
const OVERLAP = { seconds: 1 };
/** A change younger than this may be followed by another one in the same second: it is read once more next time. */
const SETTLING = { seconds: 5 };
/** More people than this are read faster all at once. */
const MOST_SINGLE_READS = 50;
const PARALLEL_READS = 4;

const fieldsToRead = ({ fields }: GatherContext): string[] => [...new Set([...fields, ...EVIDENCE_FIELDS])];

/** Everyone, by one report. `deleted` are people whom the feed says to be gone, checked by id. */
export const gatherAll = async (
  context: GatherContext,
  position: FeedPosition | undefined,
  changes: readonly ChangedEmployee[] = [],
): Promise<GatheredRead> => {
  const { client, signal, startedAt } = context;
  const { rows, ...summary } = await client.readAll({ fields: fieldsToRead(context), signal });
  const seen = rows.map(({ employeeId, values }): Sighting => ({ kind: 'seen', employeeId, values }));
  const inReport = new Set(rows.map(({ employeeId }) => employeeId));
  const gone = changes.filter(({ action, employeeId }) => action === 'deleted' && !inReport.has(employeeId));
  const deleted = await inParallel(gone, (change) => lookAt(context, change.employeeId, true));
  return {
    kind: 'full',
    sightings: [...(await settleContradictions(context, seen)), ...deleted],
    summary: { ...summary, rows: rows.length },
    position: position ?? { since: startedAt.subtract(FIRST_OVERLAP).toString(), seen: {} },
  };
};

/** Those who changed since the last time, each read again by id, and those whose day has come. */
export const gatherChanged = async (
  context: GatherContext,
  before: FeedPosition,
  dueForReview: readonly string[],
): Promise<GatheredRead> => {
  const feed = await context.client.readChanged(before.since, context.signal);
  const changes = feed.changes.filter(({ employeeId, at }) => before.seen[employeeId] !== at);
  const position = follow(before, feed, context.startedAt);
  const deleted = new Set(changes.filter(({ action }) => action === 'deleted').map(({ employeeId }) => employeeId));
  const ids = [...new Set([...changes.map(({ employeeId }) => employeeId), ...dueForReview])];
  if (ids.length > MOST_SINGLE_READS) return gatherAll(context, position, changes);
  const sightings = await inParallel(ids, (employeeId) => lookAt(context, employeeId, deleted.has(employeeId)));
  return { kind: 'changed', sightings: await settleContradictions(context, sightings), position };
};

/** Never backward. Without `latest` in the answer, the newest change stands for it. */
const follow = (before: FeedPosition, { latest, changes }: ChangedFeed, startedAt: Temporal.Instant): FeedPosition => {
  const moments = [...(latest === undefined ? [] : [latest]), ...changes.map(({ at }) => at)].map(toInstant);
  const newest = moments.reduce(later, toInstant(before.since).add(OVERLAP));
  const since = newest.subtract(OVERLAP);
  const settledBefore = startedAt.subtract(SETTLING);
  const isSettled = ({ at }: ChangedEmployee) =>
    Temporal.Instant.compare(toInstant(at), since) >= 0 && Temporal.Instant.compare(toInstant(at), settledBefore) < 0;
  return {
    since: since.toString(),
    seen: Object.fromEntries(changes.filter(isSettled).map(({ employeeId, at }) => [employeeId, at])),
  };
};

const toInstant = (moment: string): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(Date.parse(moment));
const later = (one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(one, other) >= 0 ? one : other;

/** Hidden is no evidence, and neither is absent unless the feed says Deleted. */
const lookAt = async (context: GatherContext, employeeId: string, isDeleted: boolean): Promise<Sighting> => {
  const found = await context.client.readEmployee(employeeId, fieldsToRead(context), context.signal);
  if (found.outcome === 'found') return { kind: 'seen', employeeId, values: found.row.values };
  return { kind: found.outcome === 'absent' && isDeleted ? 'deleted' : 'missing', employeeId };
};

/** Where the termination date and the status contradict each other, the employment history decides. */
const settleContradictions = async (context: GatherContext, sightings: readonly Sighting[]): Promise<Sighting[]> => {
  const contradicted = sightings.filter((sighting) => isContradicted(sighting, context.today));
  const settled = await inParallel(contradicted.slice(0, MOST_SINGLE_READS), async (sighting) => {
    const rows = await context.client.readEmploymentRows(sighting.employeeId, context.signal);
    return rows === undefined ? sighting : { ...sighting, employmentRows: rows };
  });
  const byId = new Map(settled.map((sighting) => [sighting.employeeId, sighting]));
  return sightings.map((sighting) => byId.get(sighting.employeeId) ?? sighting);
};

const isContradicted = (sighting: Sighting, today: string): boolean =>
  sighting.kind === 'seen' && judgeEmployment(sighting.values, today).evidence === 'termination-contradicted';

const inParallel = async <In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> => {
  const results: Out[] = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, worker));
  return results;
};
