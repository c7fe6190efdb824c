import type { FieldValue } from '../fields.js';
import type { Snapshot } from '../snapshot.js';
import { compareValues, datasetField, type DatasetField } from './vocabulary.js';

export type Predicate = (snapshot: Snapshot) => boolean;

/** What is wrong with a filter, for whoever wrote it. */
export class FilterError extends Error {}

const TOKEN = /\s*(?:('(?:[^']|'')*')|([(),])|([^\s(),']+))/y;

const tokensOf = (text: string): string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const [, quoted, mark, word] = TOKEN.exec(text) ?? [];
    const token = quoted ?? mark ?? word;
    if (token === undefined) throw new FilterError(`Unexpected character at position ${at}`);
    tokens.push(token);
  }
  return tokens;
};

type Compare = (order: number) => boolean;

const COMPARISONS: Readonly<Record<string, Compare>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};

const MOST_TOKENS = 1_000;

/** `status eq 'Active' and (department in ('Sales','Legal') or hireDate ge '2026-01-01')` */
class FilterParser {
  private position = 0;

  constructor(private readonly tokens: readonly string[]) {}

  parse(): Predicate {
    const predicate = this.disjunction();
    if (this.position < this.tokens.length) throw new FilterError(`Unexpected "${this.tokens[this.position] ?? ''}"`);
    return predicate;
  }

  private disjunction(): Predicate {
    const parts = this.separatedBy('or', () => this.separated());
    return (snapshot) => parts.some((matches) => matches(snapshot));
  }

  private separated(): Predicate {
    const parts = this.separatedBy('and', () => this.term());
    return (snapshot) => parts.every((matches) => matches(snapshot));
  }

  private separatedBy(word: string, part: () => Predicate): Predicate[] {
    const parts = [part()];
    while (this.tokens[this.position]?.toLowerCase() === word) {
      this.position += 1;
      parts.push(part());
    }
    return parts;
  }

  private term(): Predicate {
    if (this.tokens[this.position] !== '(') return this.comparison();
    this.position += 1;
    const inner = this.disjunction();
    this.expect(')');
    return inner;
  }

  private comparison(): Predicate {
    const field = this.field();
    const operator = this.next().toLowerCase();
    if (operator === 'in') return this.membership(field);
    const compare = COMPARISONS[operator];
    if (!compare) throw new FilterError(`Unsupported operator "${operator}"`);
    const value = this.literal();
    return (snapshot) => compare(compareValues(field.type, asCompared(field.read(snapshot)), value));
  }

  private membership(field: DatasetField): Predicate {
    this.expect('(');
    const values = [this.literal()];
    while (this.tokens[this.position] === ',') {
      this.position += 1;
      values.push(this.literal());
    }
    this.expect(')');
    return (snapshot) => values.includes(asCompared(field.read(snapshot)));
  }

  private field(): DatasetField {
    const name = this.next();
    const field = datasetField(name);
    if (!field) throw new FilterError(`Unknown field "${name}"`);
    return field;
  }

  private literal(): FieldValue {
    const token = this.next();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'null') return null;
    if (/^[\w.:+-]+$/.test(token)) return token;
    throw new FilterError(`Unexpected "${token}"`);
  }

  private expect(token: string): void {
    if (this.next() !== token) throw new FilterError(`"${token}" is missing`);
  }

  private next(): string {
    const token = this.tokens[this.position];
    if (token === undefined) throw new FilterError('The filter ends too early');
    this.position += 1;
    return token;
  }
}

/** Booleans are compared as the words true and false. */
const asCompared = (value: FieldValue): FieldValue => (typeof value === 'boolean' ? String(value) : value);

/** @throws FilterError */
export const parseFilter = (text: string): Predicate => {
  const tokens = tokensOf(text);
  if (tokens.length > MOST_TOKENS) throw new FilterError('The filter is too long');
  return new FilterParser(tokens).parse();
};
