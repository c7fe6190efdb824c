import type { FieldValue } from '../fields.js';
import { isObject, textFrom } from '../request.js';
import { FilterError, type Predicate } from './odata.js';
import { compareValues, datasetField, type DatasetField, type DatasetType } from './vocabulary.js';

type Test = (value: FieldValue, wanted: readonly string[], field: DatasetField, today: string) => boolean;

const textOf = (value: FieldValue): string => (value === null ? '' : String(value));

const first = (wanted: readonly string[]): string => wanted[0] ?? '';

const ordered =
  (matches: (order: number) => boolean): Test =>
  (value, wanted, { type }) =>
    value !== null && matches(compareValues(type, value, first(wanted)));

const includes: Test = (value, wanted) => wanted.some((each) => each.toLowerCase() === textOf(value).toLowerCase());

const addTo = (today: string, text: string, sign: 1 | -1): string => {
  const [, count = '0', unit = 'day'] = /^(\d{1,4})\s*_?\s*(day|week|month|year)?/i.exec(text) ?? [];
  const span = { [`${unit.toLowerCase()}s`]: Number(count) * sign };
  return Temporal.PlainDate.from(today).add(span).toString();
};

const between = (value: FieldValue, from: string, to: string): boolean =>
  typeof value === 'string' && value >= from && value <= to;

const TESTS: Readonly<Record<string, Test>> = {
  contains: (value, wanted) => textOf(value).toLowerCase().includes(first(wanted).toLowerCase()),
  does_not_contain: (value, wanted) => !textOf(value).toLowerCase().includes(first(wanted).toLowerCase()),
  equal: (value, wanted) => textOf(value).toLowerCase() === first(wanted).toLowerCase(),
  not_equal: (value, wanted) => textOf(value).toLowerCase() !== first(wanted).toLowerCase(),
  empty: (value) => textOf(value) === '',
  not_empty: (value) => textOf(value) !== '',
  lt: ordered((order) => order < 0),
  lte: ordered((order) => order <= 0),
  gt: ordered((order) => order > 0),
  gte: ordered((order) => order >= 0),
  last: (value, wanted, _field, today) => between(value, addTo(today, first(wanted), -1), today),
  next: (value, wanted, _field, today) => between(value, today, addTo(today, first(wanted), 1)),
  range: (value, wanted) => between(value, first(wanted), wanted[1] ?? first(wanted)),
  checked: (value) => value === true,
  not_checked: (value) => value !== true,
  includes,
  does_not_include: (...args) => !includes(...args),
};

const COMPARING = ['equal', 'not_equal', 'lt', 'lte', 'gt', 'gte', 'empty', 'not_empty'];

const OPERATORS: Readonly<Record<DatasetType, readonly string[]>> = {
  text: ['contains', 'does_not_contain', 'equal', 'not_equal', 'empty', 'not_empty'],
  date: [...COMPARING, 'last', 'next', 'range'],
  int: COMPARING,
  bool: ['checked', 'not_checked'],
  options: ['includes', 'does_not_include', 'empty', 'not_empty'],
};

const listed = (value: unknown): string[] => {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map(textFrom);
  if (isObject(value)) return Object.values(value).map(textFrom);
  return [textFrom(value)];
};

const parseOne = (filter: unknown, today: string): Predicate => {
  if (!isObject(filter)) throw new FilterError('A filter has to be an object');
  const field = datasetField(textFrom(filter['field']));
  if (!field) throw new FilterError(`Unknown field ${textFrom(filter['field'])}`);
  const operator = textFrom(filter['operator']);
  const test = OPERATORS[field.type].includes(operator) ? TESTS[operator] : undefined;
  if (!test) throw new FilterError(`Invalid operator ${operator} for ${field.name}`);
  const wanted = listed(filter['value']);
  return (snapshot) => test(field.read(snapshot), wanted, field, today);
};

/** `{"match":"all|any","filters":[{"field","operator","value"}]}` @throws FilterError */
export const parseV1Filters = (value: unknown, today: string): Predicate => {
  if (value === undefined || value === null) return () => true;
  if (!isObject(value) || !Array.isArray(value['filters'])) throw new FilterError('Invalid filters');
  const match = value['match'] ?? 'all';
  if (match !== 'all' && match !== 'any') throw new FilterError('Invalid match');
  const predicates = (value['filters'] as unknown[]).map((filter) => parseOne(filter, today));
  if (predicates.length === 0) return () => true;
  return (snapshot) =>
    match === 'all' ? predicates.every((each) => each(snapshot)) : predicates.some((each) => each(snapshot));
};
