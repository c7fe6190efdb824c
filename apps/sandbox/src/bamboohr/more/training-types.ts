import { jsonAnswer, type Answer } from '../../http/call.js';
import type { TrainingCategory, TrainingType } from '../../world/trainings.js';
import { done, emptyError } from '../answers.js';
import {
  isObject,
  jsonObjectIn,
  numberFrom,
  textFrom,
  type BambooCall,
  type BambooHandler,
  type JsonObject,
} from '../request.js';

const typeOnWire = (type: TrainingType): object => {
  const { frequency, dueFromHireDate, category, ...rest } = type;
  return {
    ...rest,
    ...(frequency !== null && { frequency }),
    ...(dueFromHireDate !== null && { dueFromHireDate }),
    // No category is an empty list, in the way of PHP.
    category: category ?? [],
  };
};

const byId = <Row extends { readonly id: number }>(rows: Iterable<Row>, onWire: (row: Row) => object): object =>
  Object.fromEntries([...rows].map((row) => [row.id, onWire(row)]));

const inPath = <Row>(call: BambooCall, rows: ReadonlyMap<number, Row>): Row | undefined =>
  /^\d{1,15}$/.test(call.params['id'] ?? '') ? rows.get(Number(call.params['id'])) : undefined;

/** A truth that may come as a text: `"1"`, `""`. */
const flagOf = (value: unknown): boolean => value === true || value === 1 || value === '1' || value === 'true';

const countOf = (value: unknown): number | null => {
  const amount = isObject(value) ? value['amount'] : value;
  const count = numberFrom(amount);
  return amount !== null && amount !== '' && Number.isInteger(count) && count > 0 ? count : null;
};

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** By number or name; a name that is new makes a category. */
const categoryIn = ({ world: { trainings } }: BambooCall, value: unknown): TrainingCategory | null | undefined => {
  if (!isObject(value)) return null;
  const byNumber = trainings.categories.get(numberFrom(value['id']));
  if (byNumber) return byNumber;
  const name = textOf(value['name']);
  if (name === null) return undefined;
  return [...trainings.categories.values()].find((each) => each.name === name) ?? trainings.addCategory(name);
};

/** What the body says of a type; a text is what is wrong. */
const detailsIn = (call: BambooCall, body: JsonObject): Partial<TrainingType> | string => {
  const has = (key: string): boolean => body[key] !== undefined;
  const renewable = flagOf(body['renewable']);
  const frequency = countOf(body['frequency']);
  if (has('renewable') && renewable && frequency === null) return 'A renewable training needs a frequency';
  const category = has('category') ? categoryIn(call, body['category']) : null;
  if (category === undefined) return 'There is no such category';
  if (has('name') && textOf(body['name']) === null) return 'The name is required';
  return {
    ...(has('name') && { name: textFrom(body['name']) }),
    ...(has('renewable') && { renewable, frequency: renewable ? frequency : null }),
    ...(has('required') && { required: flagOf(body['required']) }),
    ...(has('dueFromHireDate') && { dueFromHireDate: countOf(body['dueFromHireDate']) }),
    ...(has('linkUrl') && { linkUrl: textOf(body['linkUrl']) }),
    ...(has('description') && { description: textOf(body['description']) }),
    ...(has('allowEmployeesToMarkComplete') && {
      allowEmployeesToMarkComplete: flagOf(body['allowEmployeesToMarkComplete']),
    }),
    ...(has('category') && { category }),
  };
};

const NO_BODY = emptyError(400, 'Invalid request body');
const NO_TYPE = emptyError(404, 'Training type not found');
const NO_CATEGORY = emptyError(404, 'Training category not found');

export const listTrainingTypes: BambooHandler = ({ world }) =>
  jsonAnswer(byId(world.trainings.types.values(), typeOnWire));

export const createTrainingType: BambooHandler = (call) => {
  const body = jsonObjectIn(call);
  if (!body || textOf(body['name']) === null) return body ? emptyError(400, 'The name is required') : NO_BODY;
  const details = detailsIn(call, body);
  if (typeof details === 'string') return emptyError(400, details);
  return jsonAnswer(typeOnWire(call.world.trainings.addType({ ...details, name: textFrom(body['name']) })), 201);
};

export const updateTrainingType: BambooHandler = (call) => {
  const type = inPath(call, call.world.trainings.types);
  if (!type) return NO_TYPE;
  const body = jsonObjectIn(call);
  if (!body) return NO_BODY;
  const details = detailsIn(call, body);
  if (typeof details === 'string') return emptyError(400, details);
  return jsonAnswer(typeOnWire(Object.assign(type, details)));
};

export const deleteTrainingType: BambooHandler = (call) => {
  const { trainings } = call.world;
  const type = inPath(call, trainings.types);
  if (!type) return NO_TYPE;
  if ([...trainings.records.values()].some((record) => record.type === type.id))
    return emptyError(400, 'The training type still has records');
  trainings.types.delete(type.id);
  return done();
};

const categoryOnWire = ({ id, name }: TrainingCategory): object => ({ id, name });

export const listTrainingCategories: BambooHandler = ({ world }) =>
  jsonAnswer(byId(world.trainings.categories.values(), categoryOnWire));

const nameIn = (call: BambooCall): string | Answer => {
  const name = textOf(jsonObjectIn(call)?.['name']);
  return name ?? emptyError(400, 'The name is required');
};

export const createTrainingCategory: BambooHandler = (call) => {
  const name = nameIn(call);
  return typeof name === 'string' ? jsonAnswer(categoryOnWire(call.world.trainings.addCategory(name)), 201) : name;
};

export const updateTrainingCategory: BambooHandler = (call) => {
  const { categories } = call.world.trainings;
  const category = inPath(call, categories);
  if (!category) return NO_CATEGORY;
  const name = nameIn(call);
  if (typeof name !== 'string') return name;
  if ([...categories.values()].some((each) => each !== category && each.name === name))
    return emptyError(409, 'A training category with this name already exists');
  return jsonAnswer(categoryOnWire(Object.assign(category, { name })));
};

export const deleteTrainingCategory: BambooHandler = (call) => {
  const { categories, types } = call.world.trainings;
  const category = inPath(call, categories);
  if (!category) return NO_CATEGORY;
  categories.delete(category.id);
  for (const type of types.values()) if (type.category === category) type.category = null;
  return done();
};
