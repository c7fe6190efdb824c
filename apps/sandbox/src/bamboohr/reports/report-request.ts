import { isObject, jsonObjectIn, numberFrom, parseSince, textFrom, type BambooCall } from '../request.js';
import { parseXml, type XmlElement } from '../xml.js';

export interface ReportRequest {
  readonly title: string;
  readonly fields: readonly string[];
  /** Milliseconds since 1970. */
  readonly changedSince: number | undefined;
  readonly employeeIds: ReadonlySet<number> | undefined;
  /** Rows that are alike come once. */
  readonly withoutDuplicates: boolean;
}

const idsOf = (ids: readonly unknown[]): ReadonlySet<number> | undefined =>
  ids.length > 0 ? new Set(ids.map(numberFrom)) : undefined;

const jsonRequest = (call: BambooCall): ReportRequest | undefined => {
  const body = jsonObjectIn(call);
  if (!body) return undefined;
  const filters = isObject(body['filters']) ? body['filters'] : {};
  const lastChanged = isObject(filters['lastChanged']) ? filters['lastChanged']['value'] : undefined;
  const ids = filters['employeeIds'];
  return {
    title: typeof body['title'] === 'string' ? body['title'] : '',
    fields: Array.isArray(body['fields']) ? body['fields'].map(textFrom) : [],
    changedSince: typeof lastChanged === 'string' ? parseSince(lastChanged) : undefined,
    employeeIds: Array.isArray(ids) ? idsOf(ids) : undefined,
    withoutDuplicates: body['filterDuplicates'] !== 'no',
  };
};

const childNamed = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  parent?.children.find((child) => child.name === name);

const xmlRequest = (text: string): ReportRequest | undefined => {
  const report = parseXml(text);
  if (report?.name !== 'report') return undefined;
  const filters = childNamed(report, 'filters');
  return {
    title: childNamed(report, 'title')?.text ?? '',
    fields: childNamed(report, 'fields')?.children.map(({ attributes }) => attributes['id'] ?? '') ?? [],
    changedSince: parseSince(childNamed(filters, 'lastChanged')?.text.trim() ?? null),
    employeeIds: idsOf(childNamed(filters, 'employeeIds')?.children.map(({ text: id }) => id) ?? []),
    withoutDuplicates: childNamed(report, 'filterDuplicates')?.text.trim() !== 'no',
  };
};

export const isExactlyJson = ({ headers }: BambooCall): boolean => headers['content-type'] === 'application/json';

/** Only one very Content-Type is JSON; with a charset behind it the body counts as XML. @returns undefined when malformed */
export const reportRequestIn = (call: BambooCall): ReportRequest | undefined =>
  isExactlyJson(call) ? jsonRequest(call) : xmlRequest(call.body.toString());
