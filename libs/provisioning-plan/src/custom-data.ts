import type { Account, CustomField, Learner } from './facts.js';
import { isGiven, isKept } from './ownership.js';

/** Labels count the same whatever their case, spaces and underscores. */
export const normaliseLabel = (label: string): string => label.toLowerCase().replace(/[\s_]+/g, '');

type Data = Readonly<Record<string, string | null>>;

/** As LearnUpon may show it again: a boolean comes back as 1 or 0. */
const BOOLEANS: Readonly<Record<string, string>> = { true: '1', false: '0' };

const DATE = /^(\d{4}-\d{2}-\d{2})(?:T.*)?$/;
const DECIMAL = /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/;

const decimalOf = (value: string): string | undefined => {
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(value) ?? [];
  if (whole === '') return undefined;
  const number = fraction === '' ? whole : `${whole}.${fraction}`;
  return sign === '-' && /[1-9]/.test(number) ? `-${number}` : number;
};

const dateOf = (value: string): string | undefined => {
  const [, day] = DATE.exec(value) ?? [];
  if (day === undefined) return undefined;
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const days = [
    31,
    year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ];
  return date >= 1 && date <= (days[month - 1] ?? 0) ? day : undefined;
};

/** In the form in which two values of the type are compared and written; nothing where it is no such value. */
const ofType = (type: CustomField['type'], value: string): string | undefined => {
  switch (type) {
    case 'string':
      return value;
    case 'decimal':
      return decimalOf(value);
    case 'integer': {
      const number = decimalOf(value);
      return number?.includes('.') === false ? number : undefined;
    }
    case 'date':
      return dateOf(value);
  }
};

const isAlike = (type: CustomField['type'], one: string, other: string): boolean => {
  const [left, right] = [one.trim().toLowerCase(), other.trim().toLowerCase()];
  if (left === right) return true;
  const typed = type === 'string' ? undefined : ofType(type, one.trim());
  if (typed !== undefined) return typed === ofType(type, other.trim());
  return (BOOLEANS[left] ?? left) === (BOOLEANS[right] ?? right);
};

/** The value as the portal takes it; nothing where its definition refuses it. */
const fit = ({ type, choices }: CustomField, value: string): string | undefined =>
  choices === undefined ? ofType(type, value.trim()) : choices.find((choice) => isAlike(type, choice, value));

export interface FittedData {
  readonly data: Data;
  /** What a person has to do in the portal, or to the mapping. */
  readonly faults: readonly string[];
}

/** What of the wanted custom data the portal takes. Where its definitions are not known, all of it. */
export const fitCustomData = (wanted: Data, fields: ReadonlyMap<string, CustomField> | undefined): FittedData => {
  if (fields === undefined) return { data: wanted, faults: [] };
  const data: Record<string, string | null> = {};
  let faults: string[] | undefined;
  for (const label in wanted) {
    const value = wanted[label] || null;
    const field = fields.get(normaliseLabel(label));
    const fitted = field === undefined || value === null ? value : fit(field, value);
    if (field === undefined) (faults ??= []).push(`"${label}" is not defined there`);
    else if (fitted === undefined) (faults ??= []).push(`"${label}" refuses its value (${describeField(field)})`);
    else data[label] = fitted;
  }
  return { data, faults: faults ?? [] };
};

const describeField = ({ type, choices }: CustomField): string =>
  choices === undefined ? `it takes a ${type === 'date' ? 'date, YYYY-MM-DD' : type}` : 'it is none of its choices';

/** Of a new account. */
export const givenCustomData = (learner: Learner, data: Data): Data => {
  if (learner.ownership === undefined) return data;
  return Object.fromEntries(Object.entries(data).filter(([label]) => isGiven(learner, `customData.${label}`)));
};

const isSameValue = (field: CustomField | undefined, one: string | null, other: string | null): boolean =>
  one === other || (one !== null && other !== null && isAlike(field?.type ?? 'string', one, other));

/** Where an account differs in what policy owns. */
export const customDataChanges = (
  account: Account,
  learner: Learner,
  data: Data,
  fields: ReadonlyMap<string, CustomField> | undefined,
  isFresh: boolean,
): Data | undefined => {
  let changes: Record<string, string | null> | undefined;
  for (const label in data) {
    const key = normaliseLabel(label);
    const value = data[label] || null;
    if (isSameValue(fields?.get(key), value, account.customData[key] || null)) continue;
    if (isKept(learner, `customData.${label}`, isFresh)) (changes ??= {})[label] = value;
  }
  return changes;
};
