import { compileText, type CompileResult, type Expression, type RuleScope } from './compile-expression.js';
import type { KnownValues } from './known-values.js';
import { faultAt, faultInside, type RuleFault } from './positions.js';

/** A text with rules in braces, such as `acme-{pad(employeeNumber, 6)}`. */
export interface TextTemplate {
  readonly source: string;
  readonly fields: readonly string[];
  readonly rules: readonly string[];
  readonly usesToday: boolean;
  /** `null` where a part is empty; `undefined` where one is unknown. */
  readonly fill: (values: KnownValues) => string | null | undefined;
}

type Part = string | Expression<string>;
interface Piece {
  readonly text: string;
  /** Where a rule begins; absent for plain text. */
  readonly at?: number;
}

/** A text without braces is the name of a field. */
export const compileTemplate = (source: string, scope: RuleScope): CompileResult<TextTemplate> => {
  const pieces = source.includes('{') || source.includes('}') ? piecesOf(source) : [{ text: source, at: 0 }];
  if ('message' in pieces) return { ok: false, faults: [pieces] };
  const compiled = pieces.map((piece) => ({ piece, result: compilePiece(piece, scope) }));
  const faults = compiled.flatMap(({ piece, result }) =>
    result.ok ? [] : result.faults.map((fault) => faultInside(source, piece.at ?? 0, fault)),
  );
  if (faults.length > 0) return { ok: false, faults };
  const parts = compiled.flatMap(({ result }) => (result.ok ? [result.rule] : []));
  const warnings = compiled.flatMap(({ piece, result }) =>
    result.ok ? result.warnings.map((warning) => faultInside(source, piece.at ?? 0, warning)) : [],
  );
  const cost = compiled.reduce((sum, { result }) => sum + (result.ok ? result.cost : 0), 0);
  return { ok: true, rule: { source, ...usedBy(parts), fill: (values) => fill(parts, values) }, warnings, cost };
};

const compilePiece = ({ text, at }: Piece, scope: RuleScope): CompileResult<Part> =>
  at === undefined ? { ok: true, rule: text, warnings: [], cost: 0 } : compileText(fieldOrRule(text), scope);

/** A field by its number alone. */
const fieldOrRule = (text: string): string => (/^\d+(\.\d+)?$/.test(text) ? `field("${text}")` : text);

const usedBy = (parts: readonly Part[]): Pick<TextTemplate, 'fields' | 'rules' | 'usesToday'> => {
  const rules = parts.filter((part) => typeof part !== 'string');
  return {
    fields: [...new Set(rules.flatMap(({ fields }) => fields))].sort(),
    rules: [...new Set(rules.flatMap((rule) => rule.rules))].sort(),
    usesToday: rules.some(({ usesToday }) => usesToday),
  };
};

const fill = (parts: readonly Part[], values: KnownValues): string | null | undefined => {
  let text = '';
  let isEmpty = false;
  for (const part of parts) {
    const value = typeof part === 'string' ? part : part.ask(values)?.trim();
    if (value === undefined) return undefined;
    if (value === '') isEmpty = true;
    text += value;
  }
  return isEmpty ? null : text;
};

/** Braces in a rule's own quotes are part of it. */
const piecesOf = (source: string): Piece[] | RuleFault => {
  const pieces: Piece[] = [];
  let plain = '';
  for (let at = 0; at < source.length; at += 1) {
    const letter = source.charAt(at);
    if (letter === '}') return faultAt(source, at, 'a } without its {');
    if (letter !== '{') {
      plain += letter;
      continue;
    }
    const end = endOfRule(source, at + 1);
    if (end === undefined) return faultAt(source, at, 'a { without its }');
    if (plain !== '') pieces.push({ text: plain });
    pieces.push({ text: source.slice(at + 1, end), at: at + 1 });
    plain = '';
    at = end;
  }
  return plain === '' ? pieces : [...pieces, { text: plain }];
};

const endOfRule = (source: string, from: number): number | undefined => {
  let quote: string | undefined;
  for (let at = from; at < source.length; at += 1) {
    const letter = source.charAt(at);
    if (quote !== undefined) quote = letter === quote ? undefined : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '}') return at;
  }
  return undefined;
};
