import { randomUUID } from 'node:crypto';
import { jsonAnswer, type Answer } from '../http/call.js';
import type { Portal } from '../world/portal.js';
import { RealmRefusal } from '../world/user-input.js';
import { isObject, numberOf, type Json, type PortalCall, type PortalHandler } from './request.js';
import { moment } from './wire.js';

type Operation = 'bulk-enrollment' | 'bulk-unenrollment';

interface Job {
  readonly id: string;
  readonly operation: Operation;
  readonly total: number;
  readonly failed: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

const MOST_ITEMS = 100_000;
const MOST_JOBS = 2;
/** So long a job is in progress, though its effect is there at once. */
const JOB_MS = 2_000;

const jobsOf = new WeakMap<Portal, Map<string, Job>>();

const jobs = (portal: Portal): Map<string, Job> => {
  const known = jobsOf.get(portal) ?? new Map<string, Job>();
  jobsOf.set(portal, known);
  return known;
};

const refusal = (status: number, error: string): Answer => jsonAnswer({ error }, status);

const isRunning = ({ createdAt }: Job, now: number): boolean => now < createdAt + JOB_MS;

const jobOnWire = (job: Job, now: number): object => {
  const isDone = !isRunning(job, now);
  return {
    job_id: job.id,
    status: isDone ? 'completed' : 'in_progress',
    operation: job.operation,
    num_operations: job.total,
    num_completed_operations: isDone ? job.total - job.failed.length : 0,
    num_failed_operations: isDone ? job.failed.length : 0,
    created_at: moment(job.createdAt),
    completed_at: isDone ? moment(job.createdAt + JOB_MS) : null,
    report_url: isDone ? `/api/v1/bulk-operations/jobs/${job.id}/report` : null,
  };
};

const performItem = ({ realm, portal }: PortalCall, operation: Operation, item: Json): void => {
  const { learning, accounts } = realm;
  if (operation === 'bulk-unenrollment') {
    learning.remove(learning.get(portal, numberOf(item['enrollment_id']) ?? -1), false);
  } else {
    const account = accounts.own(portal, accounts.get(portal, numberOf(item['user_id']) ?? -1));
    learning.enrol(account, learning.course(portal, { id: numberOf(item['course_id']) ?? -1 }));
  }
};

const failureOf = (call: PortalCall, operation: Operation, item: Json): string[] => {
  try {
    performItem(call, operation, item);
    return [];
  } catch (error) {
    if (error instanceof RealmRefusal) return [`${JSON.stringify(item)},${error.message}`];
    throw error;
  }
};

const submit =
  (operation: Operation): PortalHandler =>
  (call) => {
    const { items } = call.body;
    if (!Array.isArray(items) || items.length === 0 || !items.every(isObject)) return refusal(400, 'validation_failed');
    if (items.length > MOST_ITEMS) return refusal(422, 'payload_too_large');
    const now = call.realm.now();
    if ([...jobs(call.portal).values()].filter((job) => isRunning(job, now)).length >= MOST_JOBS)
      return refusal(429, 'rate_limit_exceeded');
    const failed = items.flatMap((item) => failureOf(call, operation, item));
    const job = { id: randomUUID(), operation, total: items.length, failed, createdAt: now };
    jobs(call.portal).set(job.id, job);
    return jsonAnswer(jobOnWire(job, now));
  };

const withJob =
  (answer: (job: Job, now: number) => Answer): PortalHandler =>
  ({ portal, params, realm }) => {
    const job = jobs(portal).get(params['id'] ?? '');
    return job ? answer(job, realm.now()) : refusal(404, 'not_found');
  };

const listJobs: PortalHandler = ({ portal, realm }) =>
  jsonAnswer({ jobs: [...jobs(portal).values()].map((job) => jobOnWire(job, realm.now())) });

const report = (job: Job): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/csv' },
  body: ['item,error', ...job.failed].join('\n'),
});

const whereEnabled =
  (handler: PortalHandler): PortalHandler =>
  (call) =>
    call.realm.switches.bulkOperations === 'on' ? handler(call) : refusal(403, 'feature_not_enabled');

export const bulkRoutes: Readonly<Record<string, PortalHandler>> = {
  'POST /bulk-operations/submit/bulk-enrollment': whereEnabled(submit('bulk-enrollment')),
  'POST /bulk-operations/submit/bulk-unenrollment': whereEnabled(submit('bulk-unenrollment')),
  'GET /bulk-operations/jobs': whereEnabled(listJobs),
  'GET /bulk-operations/jobs/:id': whereEnabled(withJob((job, now) => jsonAnswer(jobOnWire(job, now)))),
  'GET /bulk-operations/jobs/:id/report': whereEnabled(withJob(report)),
};
