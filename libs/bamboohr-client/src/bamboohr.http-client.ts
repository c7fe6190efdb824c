import type {
  BambooHrClient,
  FieldDescription,
  EmployeeLookup,
  EmployeeRead,
  EmploymentStatusRow,
} from './bamboohr.client.js';
import { BambooHrError } from './bamboohr.error.js';
import { createHttpTransport, type CallRecord, type HttpTransport } from './http-transport.js';
import { mergeRows, valuesOf } from './normalise.js';
import { describeFields } from './describe-fields.js';
import { columnsOf, ReportReader, type ReportBatch } from './report-reader.js';
import { idOf, parseChanged, parseEmployee, parseEmploymentRows, rosterTotalIn } from './wire.js';

export interface BambooHrClientOptions {
  /** BambooHR's subdomain: a bare DNS label. */
  readonly company: string;
  /** Up to and without `/api/v1` or `/v1`; absent means `https://{company}.bamboohr.com`. */
  readonly baseUrl?: string | undefined;
  readonly apiKey: string;
  /** For one call; 60 s unless told. */
  readonly timeoutMs?: number;
  readonly userAgent?: string;
  readonly onCall?: (call: CallRecord) => void;
}

const MOST_FIELDS = 400;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** @throws RangeError when the company is no DNS label, so that no configuration chooses another host. */
export const createBambooHrClient = (options: BambooHrClientOptions): BambooHrClient => {
  const transport = createHttpTransport({
    root: rootOf(options.company, options.baseUrl),
    apiKey: options.apiKey,
    timeoutMs: options.timeoutMs ?? 60_000,
    userAgent: options.userAgent ?? 'Portico/0.1',
    onCall: options.onCall ?? (() => undefined),
  });
  return {
    readAll: ({ fields, signal }) => readAll(transport, fields, signal),
    readChanged: async (since, signal) => {
      const operation = 'GET employees/changed';
      const path = `/employees/changed?since=${encodeURIComponent(since)}`;
      return parseChanged(operation, await transport.call({ operation, path, signal }));
    },
    readFields: (signal) => readFields(transport, signal),
    readEmployee: (employeeId, fields, signal) => readEmployee(transport, employeeId, fields, signal),
    readEmploymentRows: (employeeId, signal) => readEmploymentRows(transport, employeeId, signal),
    close: transport.close,
  };
};

/** The gateway's paths begin with `/v1`, those of a company's own host with `/api/v1`. */
const rootOf = (company: string, baseUrl: string | undefined): string => {
  if (!DNS_LABEL.test(company)) {
    throw new RangeError(`"${company}" is no company of BambooHR: write the part before .bamboohr.com`);
  }
  const base = (baseUrl ?? `https://${company}.bamboohr.com`).replace(/\/+$/, '');
  return base.includes('/gateway.php') ? `${base}/v1` : `${base}/api/v1`;
};

const batchesOf = (fields: readonly string[]): string[][] => {
  const unique = [...new Set(fields)];
  return Array.from({ length: Math.ceil(unique.length / MOST_FIELDS) }, (_, batch) =>
    unique.slice(batch * MOST_FIELDS, (batch + 1) * MOST_FIELDS),
  );
};

const readAll = async (
  transport: HttpTransport,
  fields: readonly string[],
  signal: AbortSignal | undefined,
): Promise<EmployeeRead> => {
  // Without fields, BambooHR returns one employee only.
  if (fields.length === 0) throw new RangeError('a read needs at least one field');
  const rosterTotal = await countRoster(transport, signal);
  const batches = [];
  for (const batch of batchesOf(fields)) batches.push(await readReport(transport, batch, signal));
  const returned = new Set(batches.flatMap((batch) => batch.returned));
  const requestedFields = [...new Set(fields)];
  return {
    ...mergeRows(batches.map((batch) => batch.rows)),
    requestedFields,
    returnedFields: requestedFields.filter((field) => returned.has(field)),
    ...(rosterTotal === undefined ? {} : { rosterTotal }),
  };
};

/** `onlyCurrent=true`: the other pass shows the end state of changes dated ahead, such as terminations. */
const readReport = async (
  transport: HttpTransport,
  fields: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReportBatch> => {
  const operation = 'POST reports/custom';
  const path = '/reports/custom?format=JSON&onlyCurrent=true';
  const body = { title: 'Portico', fields };
  const reader = new ReportReader(operation, fields);
  return reader.finish(await transport.call({ operation, path, body, list: reader.list, signal }));
};

/** Evidence, where it can be had: many keys may not read the list, and its absence must not stop a read. */
const countRoster = async (transport: HttpTransport, signal: AbortSignal | undefined): Promise<number | undefined> => {
  const path = `/employees?${encodeURIComponent('page[limit]')}=1`;
  try {
    return rosterTotalIn(await transport.call({ operation: 'GET employees', path, signal }));
  } catch (error) {
    if (error instanceof BambooHrError && error.code !== 'unauthorised' && error.code !== 'cancelled') return undefined;
    throw error;
  }
};

/** The options of lists are a help: many keys may not read them. */
const readFields = async (
  transport: HttpTransport,
  signal: AbortSignal | undefined,
): Promise<readonly FieldDescription[]> => {
  const fields = await transport.call({ operation: 'GET meta/fields', path: '/meta/fields', signal });
  const lists = await whereVisible(() => transport.call({ operation: 'GET meta/lists', path: '/meta/lists', signal }));
  return describeFields('GET meta/fields', fields, lists);
};

/** Id 0 is BambooHR's word for the employee of the key. */
const idInPath = (employeeId: string): string => {
  if (idOf(employeeId) === undefined || employeeId === '0') throw new RangeError('no employee id of BambooHR');
  return employeeId;
};

/** What the answer says of one person: `hidden` for 403, `absent` for 404. */
const whereVisible = async <T>(call: () => Promise<T>): Promise<T | 'hidden' | 'absent'> => {
  try {
    return await call();
  } catch (error) {
    if (error instanceof BambooHrError && error.code === 'forbidden') return 'hidden';
    if (error instanceof BambooHrError && error.code === 'not-found') return 'absent';
    throw error;
  }
};

const readEmployee = async (
  transport: HttpTransport,
  employeeId: string,
  fields: readonly string[],
  signal: AbortSignal | undefined,
): Promise<EmployeeLookup> => {
  const operation = 'GET employees/{id}';
  const id = idInPath(employeeId);
  const values: Record<string, string | null> = {};
  for (const batch of batchesOf(fields)) {
    const path = `/employees/${id}?fields=${batch.map(encodeURIComponent).join(',')}&onlyCurrent=true`;
    const answer = await whereVisible(async () =>
      parseEmployee(operation, await transport.call({ operation, path, signal })),
    );
    if (answer === 'hidden' || answer === 'absent') return { outcome: answer };
    Object.assign(values, valuesOf(answer, columnsOf(batch, Object.keys(answer))));
  }
  return { outcome: 'found', row: { employeeId, values } };
};

const readEmploymentRows = async (
  transport: HttpTransport,
  employeeId: string,
  signal: AbortSignal | undefined,
): Promise<readonly EmploymentStatusRow[] | undefined> => {
  const operation = 'GET employees/{id}/tables/employmentStatus';
  const path = `/employees/${idInPath(employeeId)}/tables/employmentStatus`;
  const rows = await whereVisible(async () =>
    parseEmploymentRows(operation, await transport.call({ operation, path, signal })),
  );
  return rows === 'hidden' || rows === 'absent' ? undefined : rows;
};
