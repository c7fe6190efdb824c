import { Environment, EvaluationError, ParseError, TypeError, type ASTNode } from '@marcbachmann/cel-js';
import { didYouMean } from '../nearest-name.js';
import { checkLiterals } from './check-literals.js';
import type { FieldCatalogue } from './field-catalogue.js';
import { registerFunctions } from './functions.js';
import type { KnownValues } from './known-values.js';
import { wordsOf } from './fault-words.js';
import { faultAt, type RuleFault } from './positions.js';
import { fieldVariable, readUsage, rewrite, ruleVariable, TODAY, type Usage } from './read-usage.js';

/** A CEL expression over BambooHR's fields, ready to be asked. */
export interface Expression<T> {
  readonly source: string;
  /** The fields that it names itself, sorted. */
  readonly fields: readonly string[];
  /** The named rules that it uses itself, sorted. */
  readonly rules: readonly string[];
  readonly usesToday: boolean;
  /** Of the source: the parts of a decision are found in it. */
  readonly ast: ASTNode;
  /** `undefined` is *unknown*: the answer needs a value that is not known. */
  readonly ask: (values: KnownValues) => T | undefined;
}
export interface Rule extends Expression<boolean> {
  readonly holds: (values: KnownValues) => boolean | undefined;
}

export type CompileResult<T> =
  | {
      readonly ok: true;
      readonly rule: T;
      readonly warnings: readonly RuleFault[];
      /** Steps that one evaluation takes at most; those of named rules are their own. */
      readonly cost: number;
    }
  | { readonly ok: false; readonly faults: readonly RuleFault[] };

/** What a rule may name. */
export interface RuleScope {
  /** The fields of the BambooHR account; without them every name is taken for a field. */
  readonly fields?: FieldCatalogue | undefined;
  /** The named rules. */
  readonly rules?: readonly string[];
}

export const MAX_SOURCE = 20_000;
const LIMITS = { maxAstNodes: 2_000, maxDepth: 32, maxListElements: 1_000 };
/** Steps of one evaluation: microseconds as texts are, a quarter of a second where each is as long as may be. */
const MAX_COST = 20_000;
/** More faults of one rule tell nobody more. */
const MAX_FAULTS = 10;

const parser = new Environment({ unlistedVariablesAreDyn: true, limits: LIMITS });
const base = new Environment({ limits: LIMITS });
registerFunctions(base);
registerFunctions(parser);

/**
 * Compiles a rule: a CEL expression that is true or false. Every field is a text, and an empty one is the empty text.
 */
export const compileRule = (source: string, scope: RuleScope = {}): CompileResult<Rule> => {
  const result = compile<boolean>(source, scope, ['bool'], 'must be true or false');
  return result.ok ? { ...result, rule: { ...result.rule, holds: result.rule.ask } } : result;
};

/** Compiles a CEL expression that gives a text; a number or a truth becomes its text. */
export const compileText = (source: string, scope: RuleScope = {}): CompileResult<Expression<string>> => {
  const result = compile<unknown>(source, scope, ['string', 'int', 'double', 'bool'], 'must give a text');
  if (!result.ok) return result;
  const { ask } = result.rule;
  const asText = (values: KnownValues) => {
    const value = ask(values);
    return value === undefined ? undefined : String(value);
  };
  return { ...result, rule: { ...result.rule, ask: asText } };
};

const compile = <T>(
  source: string,
  scope: RuleScope,
  types: readonly string[],
  demand: string,
): CompileResult<Expression<T>> => {
  const refuse = (...faults: RuleFault[]) => ({ ok: false as const, faults: faults.slice(0, MAX_FAULTS) });
  if (source.length > MAX_SOURCE) return refuse({ message: `is longer than ${MAX_SOURCE} characters` });
  try {
    const { ast } = parser.parse(source);
    const usage = readUsage(source, ast);
    const literals = checkLiterals(source, ast, scope.fields);
    const faults = [...usage.faults, ...nameFaults(source, usage, scope), ...literals.faults];
    if (faults.length > 0) return refuse(...faults);
    if (usage.cost > MAX_COST) return refuse({ message: 'takes too many steps: loop over fewer items' });
    const typed = prepare<T>(source, usage, types, demand);
    return typed.ok
      ? { ok: true, rule: { ...typed.rule, ast }, warnings: literals.warnings, cost: usage.cost }
      : refuse(typed.fault);
  } catch (error) {
    if (error instanceof ParseError) return refuse(faultOf(source, error));
    // The parser goes down one call for each `!` or `(`.
    if (error instanceof RangeError) return refuse({ message: 'is nested too deep' });
    throw error;
  }
};

type Prepared<T> =
  { readonly ok: true; readonly rule: Omit<Expression<T>, 'ast'> } | { readonly ok: false; readonly fault: RuleFault };

const prepare = <T>(source: string, usage: Usage, types: readonly string[], demand: string): Prepared<T> => {
  const environment = base.clone();
  for (const field of usage.fields.keys()) environment.registerVariable(fieldVariable(field), 'string');
  for (const rule of usage.rules.keys()) environment.registerVariable(ruleVariable(rule), 'bool');
  if (usage.usesToday) environment.registerVariable(TODAY, 'string');
  const evaluate = environment.parse(rewrite(source, usage.replacements));
  const { type = '', error } = evaluate.check();
  if (error) return { ok: false, fault: faultOf(source, error) };
  if (!types.includes(type))
    return {
      ok: false,
      fault: { message: `${demand}, and is ${articleOf(type)}${type}${remedyForText(type, types)}` },
    };
  const ask = evaluate as (context: object) => unknown;
  return {
    ok: true,
    rule: {
      source,
      fields: [...usage.fields.keys()].sort(),
      rules: [...usage.rules.keys()].sort(),
      usesToday: usage.usesToday,
      ask: (values) => orUnknown(ask, values) as T | undefined,
    },
  };
};

const articleOf = (type: string): string => (/^[aeiou]/.test(type) ? 'an ' : 'a ');
const remedyForText = (type: string, types: readonly string[]): string =>
  type === 'string' && !types.includes(type) ? ': compare it, such as department == "Sales"' : '';

/** CEL's `&&` and `||` absorb an error where the other side decides; an error that is left over is *unknown*. */
const orUnknown = (evaluate: (values: KnownValues) => unknown, values: KnownValues): unknown => {
  try {
    return evaluate(values);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
};

const faultOf = (source: string, { summary, range }: ParseError | TypeError): RuleFault => {
  const { message, remedy } = wordsOf(source, range?.start, summary);
  return faultAt(source, range?.start, message, remedy);
};

const nameFaults = (source: string, usage: Usage, { fields, rules = [] }: RuleScope): RuleFault[] => [
  ...[...usage.fields].flatMap(([name, offset]) =>
    fields?.has(name) === false ? [faultAt(source, offset, `no field "${name}"`, fields.hintFor(name))] : [],
  ),
  ...[...usage.rules].flatMap(([name, offset]) =>
    rules.includes(name) ? [] : [faultAt(source, offset, `no rule "${name}"`, didYouMean(name, rules))],
  ),
];
