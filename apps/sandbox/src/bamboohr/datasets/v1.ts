import { jsonAnswer, type Answer } from '../../http/call.js';
import { plainText } from '../answers.js';
import { clampedPage } from '../paging.js';
import { isObject, jsonObjectIn, textFrom, type BambooCall, type BambooHandler, type JsonObject } from '../request.js';
import type { Snapshot } from '../snapshot.js';
import { aggregationsOf } from './aggregations.js';
import { FilterError } from './odata.js';
import { datasetRows } from './rows.js';
import { parseV1Filters } from './v1-filters.js';
import { compareValues, datasetField, DATASETS, isFieldHidden, type DatasetField } from './vocabulary.js';

const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(textFrom) : []);

interface SortRule {
  readonly field: DatasetField;
  readonly direction: 1 | -1;
}

/** One rule or a list of them: the document has both. */
const sortRulesIn = (value: unknown): SortRule[] => {
  const rules: readonly unknown[] = Array.isArray(value) ? (value as unknown[]) : isObject(value) ? [value] : [];
  return rules.map((rule) => {
    const field = isObject(rule) ? datasetField(textFrom(rule['field'])) : undefined;
    if (!field || !isObject(rule)) throw new FilterError('Invalid sortBy');
    return { field, direction: rule['sort'] === 'desc' ? -1 : 1 };
  });
};

export const sortRows = (rows: readonly Snapshot[], rules: readonly SortRule[]): readonly Snapshot[] =>
  rules.length === 0
    ? rows
    : [...rows].sort((one, other) => {
        for (const { field, direction } of rules) {
          const order = compareValues(field.type, field.read(one), field.read(other));
          if (order !== 0) return order * direction;
        }
        return one.employee.id - other.employee.id;
      });

const fieldsIn = ({ hidden }: BambooCall, body: JsonObject): readonly DatasetField[] => {
  const names = textsIn(body['fields']);
  if (names.length === 0) throw new FilterError('fields or groupBy missing');
  return names.flatMap((name) => {
    const field = datasetField(name);
    if (!field) throw new FilterError(`Unknown field ${name}`);
    return isFieldHidden(field, hidden) ? [] : [field];
  });
};

export const rowOf = (fields: readonly DatasetField[], snapshot: Snapshot): object =>
  Object.fromEntries(fields.map(({ name, read }) => [name, read(snapshot)]));

const grouped = (fields: readonly DatasetField[], by: DatasetField, rows: readonly Snapshot[]): object => {
  const groups = Map.groupBy(rows, (row) => String(by.read(row) ?? ''));
  return Object.fromEntries([...groups].map(([value, members]) => [value, members.map((row) => rowOf(fields, row))]));
};

const query = (call: BambooCall, body: JsonObject): Answer => {
  const fields = fieldsIn(call, body);
  const matches = parseV1Filters(body['filters'], call.world.company.today());
  const found = datasetRows(call, textsIn(body['showHistory'])).filter(matches);
  const sorted = sortRows(found, sortRulesIn(body['sortBy']));
  const { rows, pagination } = clampedPage(call, sorted);
  const [groupBy] = textsIn(body['groupBy']);
  const by = groupBy === undefined ? undefined : datasetField(groupBy);
  if (groupBy !== undefined && !by) throw new FilterError(`Unknown field ${groupBy}`);
  const data = by ? grouped(fields, by, rows) : rows.map((row) => rowOf(fields, row));
  return jsonAnswer({ data, aggregations: aggregationsOf(fields, body['aggregations'], sorted), pagination });
};

/** POST /datasets/{name}: errors are plain text. */
export const datasetV1: BambooHandler = (call) => {
  if (!DATASETS.some(({ name }) => name === call.params['name'])) return plainText(400, 'Dataset not found');
  const body = jsonObjectIn(call);
  if (!body) return plainText(400, 'Invalid request body');
  try {
    return query(call, body);
  } catch (error) {
    if (error instanceof FilterError) return plainText(400, error.message);
    throw error;
  }
};
