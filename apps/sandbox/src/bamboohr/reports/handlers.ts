import { jsonAnswer } from '../../http/call.js';
import type { SavedReport } from '../../world/saved-reports.js';
import { emptyError, numberedError } from '../answers.js';
import { knownFields, MOST_FIELDS } from '../fields.js';
import { clampedPage } from '../paging.js';
import { snapshotOf, visibleEmployees, type BambooCall, type BambooHandler } from '../request.js';
import { buildReport } from './build-report.js';
import { formatOf, writeReport, type Format } from './report-formats.js';
import { isExactlyJson, reportRequestIn, type ReportRequest } from './report-request.js';

const NO_FORMAT = emptyError(404, 'Report format not found');

/** POST /reports/custom: everybody, inactive people too, in one answer. */
export const customReport: BambooHandler = (call) => {
  const format = formatOf(call);
  if (!format) return NO_FORMAT;
  const request = reportRequestIn(call);
  if (!request) return emptyError(400, isExactlyJson(call) ? 'Malformed JSON' : 'Malformed XML');
  if (request.fields.length > MOST_FIELDS) return emptyError(400, 'Too many fields requested');
  return writeReport(buildReport(call, request), format);
};

const savedInPath = ({ world, params }: BambooCall): SavedReport | undefined =>
  /^\d{1,15}$/.test(params['id'] ?? '') ? world.savedReports.find(Number(params['id'])) : undefined;

/** `fd`: yes by default for JSON and XML, no for the others. */
const dropsDuplicates = ({ query }: BambooCall, format: Format): boolean =>
  (query.get('fd') ?? (format === 'json' || format === 'xml' ? 'yes' : 'no')) === 'yes';

/** GET /reports/{id}: a saved report, in the way of the custom ones. */
export const savedReport: BambooHandler = (call) => {
  const format = formatOf(call);
  if (!format) return NO_FORMAT;
  const saved = savedInPath(call);
  if (!saved) return emptyError(404, 'Report not found');
  const request: ReportRequest = {
    title: saved.name,
    fields: saved.fields,
    changedSince: undefined,
    employeeIds: undefined,
    withoutDuplicates: dropsDuplicates(call, format),
  };
  return writeReport(buildReport(call, request), format);
};

/** GET /custom-reports */
export const listReports: BambooHandler = (call) => {
  const { rows, pagination } = clampedPage(call, call.world.savedReports.all());
  return jsonAnswer({ reports: rows.map(({ id, name }) => ({ id, name })), pagination });
};

/** GET /custom-reports/{id}: the newer form, with text or null for a value, and no employee id unless it is a column. */
export const runReport: BambooHandler = (call) => {
  const saved = savedInPath(call);
  if (!saved) return numberedError(404, 'Report not found');
  const columns = knownFields(saved.fields, call.hidden);
  const { rows, pagination } = clampedPage(call, [...visibleEmployees(call)]);
  const data = rows.map((employee) => {
    const snapshot = snapshotOf(call, employee, true);
    const values = columns.map(({ field, asked }) => [asked, field.read(snapshot)?.toString() ?? null] as const);
    return Object.fromEntries(values);
  });
  return jsonAnswer({ data, aggregations: [], pagination });
};
