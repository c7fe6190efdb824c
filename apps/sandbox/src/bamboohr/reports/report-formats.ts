import type { Answer } from '../../http/call.js';
import { json, xml } from '../answers.js';
import type { FieldValue } from '../fields.js';
import type { BambooCall } from '../request.js';
import { element, escapeXml, fieldElement, XML_HEAD } from '../xml.js';
import type { Report } from './build-report.js';
import { writePdf } from './report-pdf.js';

export type Format = 'json' | 'xml' | 'csv' | 'xls' | 'pdf';

/** Without `format`, Accept has to be exactly one of these. */
const ACCEPTED: Readonly<Record<string, Format>> = {
  'application/json': 'json',
  'text/xml': 'xml',
  'text/csv': 'csv',
  'application/vnd.ms-excel': 'xls',
  'application/pdf': 'pdf',
};

export const formatOf = ({ query, headers }: BambooCall): Format | undefined => {
  const asked = query.get('format')?.toLowerCase();
  if (asked === undefined) return ACCEPTED[headers.accept ?? ''];
  return Object.values(ACCEPTED).find((format) => format === asked);
};

/** Rows are written in pieces of some hundreds, so that a large company is never one string. */
const PIECE = 250;

type WriteRow = (employeeId: number, values: readonly FieldValue[]) => string;

function* inPieces(head: string, report: Report, write: WriteRow, separator: string, tail: string): Generator<string> {
  const { employees, rowsOf } = report;
  yield head;
  for (let start = 0; start < employees.length; start += PIECE) {
    let piece = '';
    for (let index = start; index < Math.min(start + PIECE, employees.length); index += 1) {
      const employee = employees[index];
      if (!employee) continue;
      for (const values of rowsOf(employee)) {
        if (start > 0 || piece !== '') piece += separator;
        piece += write(employee.id, values);
      }
    }
    yield piece;
  }
  yield tail;
}

const PLAIN = /^[\w @.,'()+/:&-]*$/;

/** Most values need no escapes, and a test is quicker than the general way. */
const jsonText = (value: FieldValue): string =>
  typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);

const writeJson = (report: Report): Iterable<string> => {
  const keys = report.columns.map(({ id }) => `,${JSON.stringify(id)}:`);
  const fields = report.columns.map(({ id, type, name }) => ({ id, type, name }));
  const row: WriteRow = (id, values) => {
    let text = `{"id":"${id}"`;
    for (let index = 0; index < values.length; index += 1) text += keys[index] + jsonText(values[index] ?? null);
    return `${text}}`;
  };
  const head = `{"title":${JSON.stringify(report.title)},"fields":${JSON.stringify(fields)},"employees":[`;
  return inPieces(head, report, row, ',', ']}');
};

const writeXml = (report: Report): Iterable<string> => {
  const { title, columns } = report;
  const fields = columns.map(({ id, type, name }) => fieldElement(id, name, { type })).join('');
  const head = `${XML_HEAD}<report><title>${escapeXml(title)}</title><fields>${fields}</fields><employees>`;
  const row: WriteRow = (id, values) => {
    const cells = values.map((value, index) => fieldElement(columns[index]?.id ?? '', value));
    return element('employee', { id }, cells.join(''));
  };
  return inPieces(head, report, row, '', '</employees></report>');
};

const textOf = (value: FieldValue): string => (value === null ? '' : String(value));

const csvCell = (value: FieldValue): string => {
  const text = textOf(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const writeCsv = (report: Report): Iterable<string> => {
  const head = `${report.columns.map(({ name }) => csvCell(name)).join(',')}\n`;
  return inPieces(head, report, (_id, values) => `${values.map(csvCell).join(',')}\n`, '', '');
};

const excelRow = (cells: readonly string[]): string =>
  `<Row>${cells.map((cell) => `<Cell><Data ss:Type="String">${escapeXml(cell)}</Data></Cell>`).join('')}</Row>`;

/** A workbook in XML, which Excel opens. */
const writeXls = (report: Report): Iterable<string> => {
  const space = 'urn:schemas-microsoft-com:office:spreadsheet';
  const opening = `${XML_HEAD}<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="${space}" xmlns:ss="${space}">`;
  const head = `${opening}<Worksheet ss:Name="Report"><Table>${excelRow(report.columns.map(({ name }) => name))}`;
  return inPieces(head, report, (_id, values) => excelRow(values.map(textOf)), '', '</Table></Worksheet></Workbook>');
};

const pdfLines = function* (report: Report): Generator<string> {
  for (const employee of report.employees)
    for (const values of report.rowsOf(employee)) yield values.map(textOf).join(' | ');
};

export const writeReport = (report: Report, format: Format): Answer => {
  switch (format) {
    case 'json':
      return json(writeJson(report));
    case 'xml':
      return xml(writeXml(report));
    case 'csv':
      return { status: 200, headers: { 'content-type': 'text/csv; charset=UTF-8' }, body: writeCsv(report) };
    case 'xls':
      return { status: 200, headers: { 'content-type': 'application/vnd.ms-excel' }, body: writeXls(report) };
    case 'pdf': {
      const heading = report.columns.map(({ name }) => name).join(' | ');
      const body = writePdf(report.title, heading, pdfLines(report));
      return { status: 200, headers: { 'content-type': 'application/pdf' }, body };
    }
  }
};
