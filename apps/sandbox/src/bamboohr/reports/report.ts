import { keepRows } from '../../world/faults.js';
import type { Employee } from '../../world/employee.js';
import { emptyError, json, xml } from '../answers.js';
import { knownFields, MOST_FIELDS, UNSET_DATE, type FieldValue, type RequestedField } from '../fields.js';
import {
  onlyCurrentOf,
  parseSince,
  snapshotOf,
  visibleEmployees,
  type BambooCall,
  type BambooHandler,
} from '../request.js';
import { element, escapeXml, fieldElement, parseXml, XML_HEAD, type XmlElement } from '../xml.js';

type Format = 'json' | 'xml' | 'csv';

/** Without `format`, Accept has to be exactly one of these. */
const ACCEPTED: Readonly<Record<string, Format>> = { 'application/json': 'json', 'text/xml': 'xml', 'text/csv': 'csv' };

interface ReportRequest {
  readonly title: string;
  readonly fields: readonly string[];
  /** Milliseconds since 1970. */
  readonly changedSince: number | undefined;
  readonly employeeIds: ReadonlySet<number> | undefined;
}

const formatOf = ({ query, headers }: BambooCall): Format | undefined => {
  const asked = query.get('format')?.toLowerCase();
  if (asked === undefined) return ACCEPTED[headers.accept ?? ''];
  return Object.values(ACCEPTED).find((format) => format === asked);
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJsonRequest = (text: string): ReportRequest | undefined => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(body)) return undefined;
  const filters = isRecord(body['filters']) ? body['filters'] : {};
  const lastChanged = isRecord(filters['lastChanged']) ? filters['lastChanged']['value'] : undefined;
  const ids = filters['employeeIds'];
  return {
    title: typeof body['title'] === 'string' ? body['title'] : '',
    fields: Array.isArray(body['fields']) ? body['fields'].map(String) : [],
    changedSince: typeof lastChanged === 'string' ? parseSince(lastChanged) : undefined,
    employeeIds: Array.isArray(ids) && ids.length > 0 ? new Set(ids.map(Number)) : undefined,
  };
};

const childNamed = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  parent?.children.find((child) => child.name === name);

const parseXmlRequest = (text: string): ReportRequest | undefined => {
  const report = parseXml(text);
  if (report?.name !== 'report') return undefined;
  const filters = childNamed(report, 'filters');
  const ids = childNamed(filters, 'employeeIds')?.children.map(({ text: id }) => Number(id)) ?? [];
  return {
    title: childNamed(report, 'title')?.text ?? '',
    fields: childNamed(report, 'fields')?.children.map(({ attributes }) => attributes['id'] ?? '') ?? [],
    changedSince: parseSince(childNamed(filters, 'lastChanged')?.text.trim() ?? null),
    employeeIds: ids.length > 0 ? new Set(ids) : undefined,
  };
};

/** Only this very Content-Type is JSON; with a charset behind it the body counts as XML. */
const parseRequest = ({ headers, body }: BambooCall): ReportRequest | undefined =>
  headers['content-type'] === 'application/json' ? parseJsonRequest(body.toString()) : parseXmlRequest(body.toString());

/** A field asked for by its number comes back as `<number>.0`. */
const columnId = ({ asked }: RequestedField): string => (/^-?\d+$/.test(asked) ? `${asked}.0` : asked);

interface Column {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly isDate: boolean;
  readonly read: RequestedField['field']['read'];
}

const columnOf = (requested: RequestedField): Column => {
  const { type, name, read, readReport } = requested.field;
  return { id: columnId(requested), type, name, isDate: type === 'date', read: readReport ?? read };
};

interface Report {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly employees: readonly Employee[];
  readonly valuesOf: (employee: Employee) => FieldValue[];
}

const selectEmployees = (call: BambooCall, request: ReportRequest): readonly Employee[] => {
  const { changedSince, employeeIds } = request;
  const visible = [...visibleEmployees(call)];
  // Seen with the real service: a report without fields has one employee.
  const all = request.fields.length === 0 ? visible.slice(0, 1) : visible;
  const wanted = all.filter(
    ({ id, lastChanged }) =>
      (employeeIds?.has(id) ?? true) && (changedSince === undefined || lastChanged >= changedSince),
  );
  return keepRows(wanted, call.trouble);
};

const buildReport = (call: BambooCall, request: ReportRequest): Report => {
  const columns = knownFields(request.fields, call.hidden)
    .filter(({ field }) => field.alias !== 'id')
    .map(columnOf);
  const onlyCurrent = onlyCurrentOf(call);
  const valuesOf = (employee: Employee): FieldValue[] => {
    const snapshot = snapshotOf(call, employee, onlyCurrent);
    return columns.map(({ read, isDate }) => read(snapshot) ?? (isDate ? UNSET_DATE : null));
  };
  return { title: request.title, columns, employees: selectEmployees(call, request), valuesOf };
};

/** Rows are written in pieces of some hundreds, so that a large company is never one string. */
const PIECE = 250;

function* inPieces(
  head: string,
  rows: readonly Employee[],
  write: (employee: Employee) => string,
  separator: string,
  tail: string,
): Generator<string> {
  yield head;
  for (let start = 0; start < rows.length; start += PIECE) {
    const piece = rows
      .slice(start, start + PIECE)
      .map(write)
      .join(separator);
    yield start === 0 ? piece : separator + piece;
  }
  yield tail;
}

const writeJson = ({ title, columns, employees, valuesOf }: Report): Iterable<string> => {
  const keys = columns.map(({ id }) => `,${JSON.stringify(id)}:`);
  const fields = columns.map(({ id, type, name }) => ({ id, type, name }));
  const row = (employee: Employee): string => {
    let text = `{"id":"${employee.id}"`;
    const values = valuesOf(employee);
    for (const [index, value] of values.entries()) text += keys[index] + JSON.stringify(value);
    return `${text}}`;
  };
  return inPieces(
    `{"title":${JSON.stringify(title)},"fields":${JSON.stringify(fields)},"employees":[`,
    employees,
    row,
    ',',
    ']}',
  );
};

const writeXml = ({ title, columns, employees, valuesOf }: Report): Iterable<string> => {
  const fields = columns.map(({ id, type, name }) => fieldElement(id, name, { type })).join('');
  const head = `${XML_HEAD}<report><title>${escapeXml(title)}</title><fields>${fields}</fields><employees>`;
  const row = (employee: Employee): string =>
    element(
      'employee',
      { id: employee.id },
      valuesOf(employee)
        .map((value, index) => fieldElement(columns[index]?.id ?? '', value))
        .join(''),
    );
  return inPieces(head, employees, row, '', '</employees></report>');
};

const csvCell = (value: FieldValue): string => {
  const text = value === null ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const writeCsv = ({ columns, employees, valuesOf }: Report): Iterable<string> => {
  const head = `${columns.map(({ name }) => csvCell(name)).join(',')}\n`;
  return inPieces(head, employees, (employee) => `${valuesOf(employee).map(csvCell).join(',')}\n`, '', '');
};

/** POST /reports/custom: everybody, inactive people too, in one answer. */
export const customReport: BambooHandler = (call) => {
  const format = formatOf(call);
  if (!format) return emptyError(404, 'Report format not found');
  const request = parseRequest(call);
  if (!request) {
    return emptyError(400, call.headers['content-type'] === 'application/json' ? 'Malformed JSON' : 'Malformed XML');
  }
  if (request.fields.length > MOST_FIELDS) return emptyError(400, 'Too many fields requested');
  const report = buildReport(call, request);
  if (format === 'json') return json(writeJson(report));
  if (format === 'xml') return xml(writeXml(report));
  return { ...xml(writeCsv(report)), headers: { 'content-type': 'text/csv; charset=UTF-8' } };
};
