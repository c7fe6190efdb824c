import { jsonAnswer, type Answer } from '../../http/call.js';
import type { ListAlias } from '../../world/option-lists.js';
import { numberedError, plainText, problem } from '../answers.js';
import { clampedPage } from '../paging.js';
import { jsonObjectIn, textFrom, type BambooCall, type BambooHandler } from '../request.js';
import { datasetField, DATASET_FIELDS, DATASETS, isFieldHidden, type DatasetField } from './vocabulary.js';

const SUCCESSOR = { deprecation: 'true', link: '</api/v1_2/datasets>; rel="successor-version"' };

const isV1 = ({ version }: BambooCall): boolean => version !== 'v1_2';

/** GET /datasets, in v1 and v1_2. */
export const listDatasets: BambooHandler = (call) => {
  const answer = jsonAnswer({ datasets: DATASETS });
  return isV1(call) ? { ...answer, headers: { ...answer.headers, ...SUCCESSOR } } : answer;
};

const noDataset = (call: BambooCall): Answer =>
  isV1(call)
    ? plainText(400, 'Dataset not found')
    : problem(call, 422, { code: 'DATASET_NOT_FOUND', detail: 'The dataset does not exist' });

/** GET /datasets/{name}/fields, in v1 and v1_2. */
export const datasetFields: BambooHandler = (call) => {
  const dataset = DATASETS.find(({ name }) => name === call.params['name']);
  if (!dataset) return noDataset(call);
  const visible = DATASET_FIELDS.filter((field) => !isFieldHidden(field, call.hidden));
  const { rows, pagination } = clampedPage(call, visible);
  const fields = rows.map(({ name, label, parentType, parentName, entityName }) => {
    return { name, label, parentType, parentName, entityName };
  });
  return jsonAnswer({ pagination, ...dataset, fields });
};

const LISTS: readonly string[] = ['department', 'division', 'location', 'jobTitle', 'employmentHistoryStatus'];

const optionsOf = ({ world }: BambooCall, { alias, type, read: _read }: DatasetField): object[] => {
  if (alias === 'status') return ['Active', 'Inactive'].map((value) => ({ id: value, value }));
  if (type !== 'options' || !LISTS.includes(alias)) return [];
  return world.company.lists[alias as ListAlias].all().map(({ id, name }) => ({ id, value: name }));
};

const badOptions = (call: BambooCall, detail: string): Answer =>
  isV1(call) ? numberedError(400, detail, 0) : problem(call, 400, { code: 'INVALID_REQUEST', detail });

/** POST /datasets/{name}/field-options, in v1 and v1_2: the values of lists. */
export const fieldOptions: BambooHandler = (call) => {
  if (!DATASETS.some(({ name }) => name === call.params['name'])) return badOptions(call, 'Dataset not found');
  const names = jsonObjectIn(call)?.['fields'];
  if (!Array.isArray(names) || names.length === 0) return badOptions(call, 'fields or groupBy missing');
  const fields = names.map((name) => datasetField(textFrom(name)));
  const unknown = names.filter((_, index) => fields[index] === undefined);
  if (unknown.length > 0) return badOptions(call, `Unknown fields: ${unknown.map(textFrom).join(', ')}`);
  const visible = fields.filter((field) => field !== undefined).filter((field) => !isFieldHidden(field, call.hidden));
  return jsonAnswer(Object.fromEntries(visible.map((field) => [field.name, optionsOf(call, field)])));
};
