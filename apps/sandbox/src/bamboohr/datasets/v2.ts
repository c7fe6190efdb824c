import { jsonAnswer, type Answer } from '../../http/call.js';
import { problem } from '../answers.js';
import { jsonObjectIn, textFrom, type BambooCall, type BambooHandler, type JsonObject } from '../request.js';
import type { Snapshot } from '../snapshot.js';
import { FilterError, parseFilter } from './odata.js';
import { datasetRows } from './rows.js';
import { rowOf, sortRows } from './v1.js';
import { datasetField, DATASETS, isFieldHidden, type DatasetField } from './vocabulary.js';

interface Query {
  readonly fields: readonly DatasetField[];
  readonly rows: readonly Snapshot[];
  readonly page: number;
  readonly pageSize: number;
}

/** What is wrong, field of the request by field. */
class InvalidQuery extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

const fieldsIn = ({ hidden }: BambooCall, names: readonly unknown[]): DatasetField[] =>
  names.flatMap((name) => {
    const field = datasetField(textFrom(name));
    if (!field) throw new InvalidQuery('fields', `Unknown field ${textFrom(name)}`);
    return isFieldHidden(field, hidden) ? [] : [field];
  });

const textIn = (body: JsonObject, key: string): string => {
  const value = body[key] ?? '';
  if (typeof value !== 'string') throw new InvalidQuery(key, `${key} must be a string`);
  return value.trim();
};

const wholeNumberIn = (body: JsonObject, key: string, normal: number, most: number): number => {
  const value = body[key] ?? normal;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most)
    throw new InvalidQuery(key, `${key} must be between 1 and ${most}`);
  return value;
};

/** `lastName asc, firstName desc`; what is sorted by has to be among the fields. */
const sortRulesIn = (text: string, fields: readonly DatasetField[]) =>
  text === ''
    ? []
    : text.split(',').map((rule) => {
        const [name = '', direction = 'asc', ...rest] = rule.trim().split(/\s+/);
        const field = fields.find((each) => each.name === name);
        if (!field) throw new InvalidQuery('orderBy', `${name} must be among the fields`);
        if (!['asc', 'desc'].includes(direction.toLowerCase()) || rest.length > 0)
          throw new InvalidQuery('orderBy', 'The direction is asc or desc');
        return { field, direction: direction.toLowerCase() === 'desc' ? (-1 as const) : (1 as const) };
      });

const matcherIn = (text: string): ((row: Snapshot) => boolean) => {
  try {
    return text === '' ? () => true : parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) throw new InvalidQuery('filter', error.message);
    throw error;
  }
};

const queryOf = (call: BambooCall, body: JsonObject, names: readonly unknown[]): Query => {
  const fields = fieldsIn(call, names);
  const page = wholeNumberIn(body, 'page', 1, Number.MAX_SAFE_INTEGER);
  const pageSize = wholeNumberIn(body, 'pageSize', 100, 1_000);
  const rules = sortRulesIn(textIn(body, 'orderBy'), fields);
  const matches = matcherIn(textIn(body, 'filter'));
  return { fields, rows: sortRows(datasetRows(call).filter(matches), rules), page, pageSize };
};

const answerQuery = ({ world, params }: BambooCall, { fields, rows, page, pageSize }: Query): Answer => {
  const totalPages = Math.ceil(rows.length / pageSize);
  const url = `https://${world.company.name}.bamboohr.com/api/v2/datasets/${params['name'] ?? ''}/data`;
  const links = {
    ...(page < totalPages && { next: `${url}?page=${page + 1}&pageSize=${pageSize}` }),
    ...(page > 1 && page <= totalPages && { prev: `${url}?page=${page - 1}&pageSize=${pageSize}` }),
  };
  const shown = rows.slice((page - 1) * pageSize, page * pageSize);
  return jsonAnswer({
    data: shown.map((row) => ({ fields: rowOf(fields, row) })),
    // An empty map, in the way of PHP.
    links: Object.keys(links).length === 0 ? [] : links,
    meta: { page, pageSize, totalPages, totalItems: rows.length },
  });
};

/** POST /v2/datasets/{name}/data */
export const datasetV2: BambooHandler = (call) => {
  if (!DATASETS.some(({ name }) => name === call.params['name']))
    return problem(call, 404, { code: 'DATASET_NOT_FOUND', detail: 'The dataset does not exist' });
  const body = jsonObjectIn(call);
  const names = body?.['fields'];
  if (!body || !Array.isArray(names) || names.length === 0)
    return problem(call, 400, { code: 'INVALID_REQUEST', detail: 'fields is required' });
  try {
    const query = queryOf(call, body, names as unknown[]);
    const most = call.world.switches.datasetMostCells;
    if (most > 0 && query.rows.length * query.fields.length > most)
      return problem(call, 413, { code: 'TOO_MUCH_DATA', detail: 'Ask for fewer fields or rows' });
    return answerQuery(call, query);
  } catch (error) {
    if (!(error instanceof InvalidQuery)) throw error;
    const { field, message: detail } = error;
    return problem(call, 422, { code: 'VALIDATION_FAILED', detail, fields: { [field]: detail } });
  }
};
