import { Environment, EvaluationError, ParseError, TypeError, type ASTNode } from '@marcbachmann/cel-js';
import { didYouMean } from './nearest-name.js';

/** Made once: an error with a stack for each unknown field would cost more than all the rest of a decision. */
const UNKNOWN = new EvaluationError('the field is unknown');

/** The values that a rule may use, by field. To ask for one that is not there is CEL's error, and so *unknown*. */
export class KnownValues extends Map<string, string> {
  override get(field: string): string {
    const value = super.get(field);
    if (value === undefined) throw UNKNOWN;
    return value;
  }
}

/** A rule over BambooHR's fields, ready to be asked. */
export interface Rule {
  readonly source: string;
  /** The fields that it names, sorted. */
  readonly fields: readonly string[];
  /** `undefined` is *unknown*: the answer needs a field that `values` does not hold. */
  readonly holds: (values: KnownValues) => boolean | undefined;
}
export type RuleResult =
  { readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly messages: readonly string[] };

/** The functions that a rule may call. Each is linear in its text: no rule can hang the service. */
export const RULE_FUNCTIONS: readonly string[] = [
  'all',
  'contains',
  'endsWith',
  'exists',
  'exists_one',
  'lowerAscii',
  'size',
  'startsWith',
  'trim',
  'upperAscii',
];
const LOOPS = ['all', 'exists', 'exists_one'];
const LIMITS = { maxAstNodes: 2_000, maxDepth: 32, maxListElements: 1_000 };
const parser = new Environment({ unlistedVariablesAreDyn: true, limits: LIMITS });

/**
 * Compiles a CEL expression over the fields of one employee. Every field is a text, and an empty one is the empty text.
 * @param knownFields the fields that there are; without it every name is taken for a field.
 */
export const compileRule = (source: string, knownFields?: readonly string[]): RuleResult => {
  try {
    const usage = usageOf(parser.parse(source).ast);
    const faults = [...usage.faults, ...unknownFieldFaults(usage.fields, knownFields)];
    return faults.length > 0 ? { ok: false, messages: faults } : typed(source, [...usage.fields].sort());
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, messages: [describe(error)] };
    throw error;
  }
};

const typed = (source: string, fields: readonly string[]): RuleResult => {
  const environment = new Environment({ limits: LIMITS });
  for (const field of fields) environment.registerVariable(field, 'string');
  const evaluate = environment.parse(source);
  const { type, error } = evaluate.check();
  if (error) return { ok: false, messages: [describe(error)] };
  if (type !== 'bool') return { ok: false, messages: [`must be true or false, and is a ${type}`] };
  return {
    ok: true,
    rule: { source, fields, holds: (values) => ask(evaluate as (context: object) => unknown, values) },
  };
};

/** CEL's `&&` and `||` absorb an error where the other side decides; an error that is left over is *unknown*. */
const ask = (evaluate: (values: KnownValues) => unknown, values: KnownValues): boolean | undefined => {
  try {
    return evaluate(values) as boolean;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
};

const describe = ({ summary, range }: ParseError | TypeError): string => {
  const remedy = summary.includes(' null') || summary.includes('null ') ? '; an empty field equals ""' : '';
  return `${summary}${remedy}${range ? ` (at character ${range.start + 1})` : ''}`;
};

const unknownFieldFaults = (fields: ReadonlySet<string>, known: readonly string[] | undefined): string[] =>
  known === undefined
    ? []
    : [...fields]
        .filter((field) => !known.includes(field))
        .map((field) => `no field "${field}"${didYouMean(field, known)}`);

interface Usage {
  readonly fields: Set<string>;
  readonly faults: string[];
}

const usageOf = (root: ASTNode): Usage => {
  const usage: Usage = { fields: new Set(), faults: [] };
  visit(root, [], usage);
  return usage;
};

const visit = (node: ASTNode, bound: readonly string[], usage: Usage): void => {
  if (node.op === 'id' && !bound.includes(node.args)) usage.fields.add(node.args);
  if (node.op === 'call') visitCall(node.args[0], node.args[1], bound, usage);
  else if (node.op === 'rcall') {
    visit(node.args[1], bound, usage);
    visitCall(node.args[0], node.args[2], bound, usage);
  } else for (const child of childrenOf(node)) visit(child, bound, usage);
};

const visitCall = (name: string, args: readonly ASTNode[], bound: readonly string[], usage: Usage): void => {
  if (!RULE_FUNCTIONS.includes(name)) usage.faults.push(`no function "${name}"${didYouMean(name, RULE_FUNCTIONS)}`);
  const [variable] = args;
  const isLoop = LOOPS.includes(name) && variable?.op === 'id';
  if (isLoop && bound.length > 0) usage.faults.push(`${name} inside of another loop`);
  const inner = isLoop ? [...bound, variable.args] : bound;
  for (const argument of args) visit(argument, inner, usage);
};

const childrenOf = (node: ASTNode): readonly ASTNode[] => [node.args].flat(2).filter(isNode);

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value;
