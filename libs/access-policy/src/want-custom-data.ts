import { parseDay } from './day-number.js';
import type { EmployeeFacts } from './employee-facts.js';
import type { FactValues } from './fact-values.js';
import type { CompiledCustomData, CustomDataType, PortalPolicy } from './policy.js';
import type { WantedLearner } from './want-learner.js';

/** `undefined` where a value was never known and the account has none to keep. */
export const readCustomData = (
  { customData }: PortalPolicy,
  fields: EmployeeFacts['fields'],
  values: FactValues,
  previous: WantedLearner | undefined,
): Record<string, string | null> | undefined => {
  const wanted: Record<string, string | null> = {};
  for (const source of customData) {
    const { label } = source;
    const value = readValue(source, fields, values) ?? previous?.customData[label];
    if (value === undefined) return undefined;
    const fitting = fit(value, source.type);
    const kept = fitting === undefined ? previous?.customData[label] : fitting;
    if (kept !== undefined) wanted[label] = kept;
  }
  return wanted;
};

/** An empty value is the empty text; `undefined` was never known. */
const readValue = (
  source: CompiledCustomData,
  fields: EmployeeFacts['fields'],
  values: FactValues,
): string | undefined => {
  const raw = rawValue(source, fields, values);
  if (raw === undefined) return undefined;
  return source.choices === undefined
    ? raw || (source.otherwise ?? '')
    : (source.choices.get(raw) ?? source.otherwise ?? '');
};

const rawValue = (
  { field, value }: CompiledCustomData,
  fields: EmployeeFacts['fields'],
  values: FactValues,
): string | undefined => {
  if (value !== undefined) return value.ask(values)?.trim();
  const known = field === undefined ? undefined : fields[field];
  return known === undefined ? undefined : (known?.trim() ?? '');
};

/** `27000.00 USD` is a number to BambooHR. */
const DECIMAL = /^([-+]?\d+(?:\.\d+)?)(?:\s+[A-Z]{3})?$/;
const INTEGER = /^[-+]?\d+$/;

/** As LearnUpon takes it; `undefined` where the value is not of the type, and the account's is better left alone. */
export const fit = (value: string | null, type: CustomDataType): string | null | undefined => {
  if (value === null || value === '') return null;
  if (type === 'date') return parseDay(value) && value;
  if (type === 'integer' || type === 'integer-choice') return INTEGER.test(value) ? value : undefined;
  if (type === 'decimal' || type === 'decimal-choice') return DECIMAL.exec(value)?.[1];
  return value;
};
