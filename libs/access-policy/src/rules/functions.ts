import type { Environment } from '@marcbachmann/cel-js';
import { daysBetween, parseDay, shiftDay, shiftMonths } from '../day-number.js';
import { UNKNOWN } from './known-values.js';

/** Longer texts are unknown to rules: no rule may grow one without end, and none may search one for ever. */
export const MAX_TEXT = 10_000;
const MAX_PAD = 100;

/** What can't be worked out is unknown. */
const known = <T>(value: T | undefined): T => {
  if (value === undefined) throw UNKNOWN;
  return value;
};
const whole = (number: bigint): number => Number(number);

/** `*` stands for any text. Without backtracking: after each star the next piece is taken where it comes first. */
const isLike = (text: string, pattern: string): boolean => {
  const [first = '', ...pieces] = pattern.toLowerCase().split('*');
  const last = pieces.pop();
  const lower = text.toLowerCase();
  if (last === undefined) return lower === first;
  if (!lower.startsWith(first) || lower.length < first.length + last.length || !lower.endsWith(last)) return false;
  const end = lower.length - last.length;
  let at = first.length;
  for (const piece of pieces) {
    const found = lower.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
};

const pad = (text: string, width: bigint, fill = '0'): string =>
  text.padStart(Math.min(whole(width), MAX_PAD), fill.slice(0, 1));

/** `Zoë` → `Zoe`; letters of other scripts stay. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');

const firstOf = (text: string, count: bigint): string => [...text].slice(0, Math.max(0, whole(count))).join('');
const lastOf = (text: string, count: bigint): string => {
  const letters = [...text];
  return letters.slice(Math.max(0, letters.length - Math.max(0, whole(count)))).join('');
};

const lists = (text: string, entry: string): boolean =>
  text.split(',').some((one) => one.trim().toLowerCase() === entry.trim().toLowerCase());

const part = (name: 'year' | 'month' | 'day') => (text: string) => BigInt(known(parseDay(text))[name]);

type Handler = (...args: never[]) => unknown;
/** By signature. A first argument that is a text may also stand before the name, as in `department.lower()`. */
const FUNCTIONS: Readonly<Record<string, Handler>> = {
  'lower(string): string': (text: string) => text.toLowerCase(),
  'upper(string): string': (text: string) => text.toUpperCase(),
  'like(string, string): bool': isLike,
  'lists(string, string): bool': lists,
  'plain(string): string': plain,
  'pad(string, int): string': pad,
  'pad(string, int, string): string': pad,
  'first(string, int): string': firstOf,
  'last(string, int): string': lastOf,
  'replace(string, string, string): string': (text: string, from: string, to: string) =>
    known(from === '' || text.length * Math.max(1, to.length) > MAX_TEXT ? undefined : text.replaceAll(from, to)),
  'date(string): string': (text: string) => known(parseDay(text) && text),
  'days(string, string): int': (from: string, to: string) => BigInt(known(daysBetween(from, to))),
  'addDays(string, int): string': (text: string, count: bigint) => known(shiftDay(text, whole(count))),
  'addMonths(string, int): string': (text: string, count: bigint) => known(shiftMonths(text, whole(count))),
  'addYears(string, int): string': (text: string, count: bigint) => known(shiftMonths(text, whole(count) * 12)),
  'year(string): int': part('year'),
  'month(string): int': part('month'),
  'day(string): int': part('day'),
};

const nameOf = (signature: string): string => signature.slice(0, signature.indexOf('('));

/** CEL's own that a rule may call. */
const OF_CEL = [
  'all',
  'contains',
  'double',
  'endsWith',
  'exists',
  'exists_one',
  'int',
  'lowerAscii',
  'size',
  'startsWith',
  'string',
  'trim',
  'upperAscii',
];

/** The functions that a rule may call. None loops, and each takes a time that its text bounds. */
export const RULE_FUNCTIONS: readonly string[] = [
  ...new Set([...OF_CEL, 'field', ...Object.keys(FUNCTIONS).map(nameOf)]),
].sort();

/** Functions whose first argument is a day, and those that take two. */
export const DAY_FUNCTIONS: Readonly<Record<string, number>> = {
  date: 1,
  days: 2,
  addDays: 1,
  addMonths: 1,
  addYears: 1,
  year: 1,
  month: 1,
  day: 1,
};

/** Steps that a call is counted for, where it does more than to look through its text once. */
export const WORK: Readonly<Record<string, number>> = {
  plain: 20,
  lists: 20,
  first: 10,
  last: 10,
  lower: 3,
  upper: 3,
  replace: 3,
  lowerAscii: 3,
  upperAscii: 3,
};

export const LOOPS: readonly string[] = ['all', 'exists', 'exists_one'];

export const registerFunctions = (environment: Environment): void => {
  for (const [signature, handler] of Object.entries(FUNCTIONS)) {
    environment.registerFunction(signature, handler as (...args: unknown[]) => unknown);
    const method = signature.replace(/^(\w+)\(string(?:, )?/, 'string.$1(');
    environment.registerFunction(method, handler as (...args: unknown[]) => unknown);
  }
};
