import { serialize, type ASTNode } from '@marcbachmann/cel-js';
import { compileRule, type Rule } from '../rules/compile-expression.js';
import type { KnownValues } from '../rules/known-values.js';

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

/**
 * The smallest part of a rule that its answer rests on: the operand of `&&` that is false, the operand of `||` that is
 * true; where all of them count, the whole.
 */
export const decidingPart = (rule: Rule, values: KnownValues): RulePart =>
  new Parts(rule.rules, values).decidingPart(rule.ast);

/** The parts of one rule, and what each comes to. */
class Parts {
  constructor(
    private readonly rules: readonly string[],
    private readonly values: KnownValues,
  ) {}

  decidingPart(root: ASTNode): RulePart {
    const node = this.descend(root);
    const rule = this.compiled(node);
    return {
      expression: serialize(node),
      character: node.range.start + 1,
      holds: rule?.holds(this.values),
      fields: rule?.fields ?? [],
    };
  }

  private descend(node: ASTNode): ASTNode {
    if (node.op === '&&' || node.op === '||') {
      const decides = node.args.find((operand) => this.holds(operand) === (node.op === '||'));
      const unknown = node.args.find((operand) => this.holds(operand) === undefined);
      const part = decides ?? unknown;
      return part === undefined ? node : this.descend(part);
    }
    if (node.op === '!_' && isConnective(node.args)) return this.descend(node.args);
    if (node.op === '?:') {
      const [condition, then, otherwise] = node.args;
      const isTrue = this.holds(condition);
      return this.descend(isTrue === undefined ? condition : isTrue ? then : otherwise);
    }
    return node;
  }

  private holds(node: ASTNode): boolean | undefined {
    return this.compiled(node)?.holds(this.values);
  }

  private compiled(node: ASTNode): Rule | undefined {
    const known = compiledParts.get(node);
    if (known !== undefined) return known ?? undefined;
    const result = compileRule(serialize(node), { rules: this.rules });
    compiledParts.set(node, result.ok ? result.rule : null);
    return result.ok ? result.rule : undefined;
  }
}

/** A part is compiled once, as long as its policy lives. */
const compiledParts = new WeakMap<ASTNode, Rule | null>();

const isConnective = ({ op }: ASTNode): boolean => op === '&&' || op === '||' || op === '?:';

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
    for (const leaf of leavesOf(rule.ast)) gather(leaf, known, texts, numbers);
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
