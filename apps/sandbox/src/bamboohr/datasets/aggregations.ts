import type { FieldValue } from '../fields.js';
import { isObject, textFrom } from '../request.js';
import type { Snapshot } from '../snapshot.js';
import { FilterError } from './odata.js';
import { compareValues, datasetField, type DatasetField, type DatasetType } from './vocabulary.js';

const ALLOWED: Readonly<Record<DatasetType, readonly string[]>> = {
  text: ['count'],
  date: ['count', 'min', 'max'],
  int: ['count', 'min', 'max', 'sum', 'avg'],
  bool: ['count'],
  options: ['count'],
};

const extreme = (type: DatasetType, values: readonly FieldValue[], sign: 1 | -1): FieldValue =>
  values.reduce((best, value) => (best === null || compareValues(type, value, best) * sign > 0 ? value : best), null);

const aggregate = ({ type, read }: DatasetField, kind: string, rows: readonly Snapshot[]): FieldValue | number => {
  const values = rows.map(read).filter((value) => value !== null);
  if (kind === 'count') return values.length;
  if (kind === 'min' || kind === 'max') return extreme(type, values, kind === 'max' ? 1 : -1);
  const sum = values.reduce<number>((total, value) => total + Number(value), 0);
  if (kind === 'sum') return sum;
  return values.length === 0 ? null : sum / values.length;
};

/** Kind by field: the default for every field that it fits, and those named one by one. */
const kindsOf = (fields: readonly DatasetField[], value: unknown): [DatasetField, string][] => {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return [];
  if (!isObject(value)) throw new FilterError('Invalid aggregations');
  const normal = value['defaultAggregation'];
  const kinds = new Map<DatasetField, string>();
  if (typeof normal === 'string')
    for (const field of fields) if (ALLOWED[field.type].includes(normal)) kinds.set(field, normal);
  const overriding: readonly unknown[] = Array.isArray(value['overridingAggregations'])
    ? (value['overridingAggregations'] as unknown[])
    : [];
  for (const [name, kind] of overriding.filter(isObject).flatMap((each) => Object.entries(each))) {
    const field = datasetField(name);
    if (!field || !ALLOWED[field.type].includes(textFrom(kind)))
      throw new FilterError(`Invalid aggregation for ${name}`);
    kinds.set(field, textFrom(kind));
  }
  return [...kinds];
};

/** @throws FilterError */
export const aggregationsOf = (
  fields: readonly DatasetField[],
  value: unknown,
  rows: readonly Snapshot[],
): readonly object[] =>
  kindsOf(fields, value).map(([field, kind]) => ({
    field: field.name,
    aggregationType: kind,
    groups: {},
    all: aggregate(field, kind, rows),
  }));
