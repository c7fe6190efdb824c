import { Environment, serialize, type ASTNode } from '@marcbachmann/cel-js';
import { compileRule, type KnownValues, type Rule } from './compile-rule.js';

/** The part of a rule that decides: as long as it comes to the same, so does the rule. */
export interface RulePart {
  readonly expression: string;
  /** Where it begins in the rule, from 1. */
  readonly character: number;
  /** `undefined` is *unknown*. */
  readonly holds: boolean | undefined;
  /** The fields that it names, sorted. */
  readonly fields: readonly string[];
}

const parser = new Environment({ unlistedVariablesAreDyn: true });

/**
 * The smallest part of a rule that its answer rests on: the operand of `&&` that is false, the operand of `||` that is
 * true; where all of them count, the whole.
 */
export const decidingPart = (rule: Rule, values: KnownValues): RulePart =>
  partOf(descend(parser.parse(rule.source).ast, values), values);

const descend = (node: ASTNode, values: KnownValues): ASTNode => {
  if (node.op === '&&' || node.op === '||') {
    const decides = node.args.find((operand) => holds(operand, values) === (node.op === '||'));
    const unknown = node.args.find((operand) => holds(operand, values) === undefined);
    const part = decides ?? unknown;
    return part === undefined ? node : descend(part, values);
  }
  if (node.op === '!_' && isConnective(node.args)) return descend(node.args, values);
  if (node.op === '?:') {
    const [condition, then, otherwise] = node.args;
    const isTrue = holds(condition, values);
    return descend(isTrue === undefined ? condition : isTrue ? then : otherwise, values);
  }
  return node;
};

const isConnective = ({ op }: ASTNode): boolean => op === '&&' || op === '||' || op === '?:';

const compiled = (node: ASTNode): Rule | undefined => {
  const result = compileRule(serialize(node));
  return result.ok ? result.rule : undefined;
};

const holds = (node: ASTNode, values: KnownValues): boolean | undefined => compiled(node)?.holds(values);

const partOf = (node: ASTNode, values: KnownValues): RulePart => {
  const rule = compiled(node);
  return {
    expression: serialize(node),
    character: node.range.start + 1,
    holds: rule?.holds(values),
    fields: rule?.fields ?? [],
  };
};

/** What a rule compares a field with. */
export interface Comparisons {
  readonly texts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Lengths, and other whole numbers. */
  readonly numbers: ReadonlyMap<string, ReadonlySet<number>>;
}

/** The values in a rule's comparisons, by the field that stands beside them. */
export const comparisonsOf = (rules: readonly Rule[]): Comparisons => {
  const texts = new Map<string, Set<string>>();
  const numbers = new Map<string, Set<number>>();
  for (const rule of rules) {
    const known = new Set(rule.fields);
    for (const leaf of leavesOf(parser.parse(rule.source).ast)) gather(leaf, known, texts, numbers);
  }
  return { texts, numbers };
};

const leavesOf = (node: ASTNode): ASTNode[] => {
  if (node.op === '&&' || node.op === '||') return node.args.flatMap(leavesOf);
  if (node.op === '?:') return node.args.flatMap(leavesOf);
  return node.op === '!_' ? leavesOf(node.args) : [node];
};

const gather = (
  leaf: ASTNode,
  known: ReadonlySet<string>,
  texts: Map<string, Set<string>>,
  numbers: Map<string, Set<number>>,
): void => {
  const nodes = allOf(leaf);
  const fields = nodes.flatMap(({ op, args }) => (op === 'id' && known.has(args as string) ? [args as string] : []));
  const values = nodes.flatMap(({ op, args }) => (op === 'value' ? [args] : []));
  for (const field of fields) {
    const [text, number] = [setIn(texts, field), setIn(numbers, field)];
    for (const value of values) {
      if (typeof value === 'string') text.add(value);
      else if (typeof value === 'bigint' || typeof value === 'number') number.add(Number(value));
    }
  }
};

const setIn = <T>(map: Map<string, Set<T>>, key: string): Set<T> => {
  const set = map.get(key) ?? new Set<T>();
  map.set(key, set);
  return set;
};

const allOf = (node: ASTNode): ASTNode[] => [node, ...[node.args].flat(3).filter(isNode).flatMap(allOf)];

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value;
