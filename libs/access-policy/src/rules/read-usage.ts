import type { ASTNode } from '@marcbachmann/cel-js';
import { didYouMean } from '../nearest-name.js';
import { LOOPS, RULE_FUNCTIONS, WORK } from './functions.js';
import { faultAt, type RuleFault } from './positions.js';

/** A piece of the source that the evaluator sees under another name of the same length or shorter. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** What a rule uses, found in its syntax tree. */
export interface Usage {
  /** Field → where it is named first. */
  readonly fields: Map<string, number>;
  /** Named rule → where it is named first. */
  readonly rules: Map<string, number>;
  usesToday: boolean;
  readonly replacements: Replacement[];
  readonly faults: RuleFault[];
  /** How many steps one evaluation takes at most. */
  cost: number;
}

const FIELD = /^([A-Za-z][A-Za-z0-9_]{0,99}|\d+(\.\d+)?)$/;
/** What every object has, such as `constructor`, is no value of a record. */
export const isFieldName = (name: string): boolean =>
  FIELD.test(name) && !isReserved(name) && !(name in Object.prototype);

/** Names of Portico's own among the values of a rule. */
export const TODAY = 'today';
const RULES = 'rules';
const isReserved = (name: string): boolean =>
  name === TODAY || name === RULES || name === 'null_type' || name.startsWith('rules_') || name.startsWith('field_');
/** Names that no variable may have: a field that is called so goes by `field("type")`. */
const CEL_NAMES: ReadonlySet<string> = new Set(
  [
    'int uint double bool string bytes list map type optional google cel',
    'as break const continue else for function if import let loop package namespace return var void while',
  ].flatMap((line) => line.split(' ')),
);
export const ruleVariable = (name: string): string => `rules_${name}`;
export const fieldVariable = (field: string): string =>
  /^\d/.test(field) || CEL_NAMES.has(field) ? `field_${field.replace('.', '_')}` : field;
/** The field behind a variable that `fieldVariable` made of a number. */
export const numberedField = (variable: string): string => variable.slice('field_'.length).replace('_', '.');

export const readUsage = (source: string, root: ASTNode): Usage => {
  const usage: Usage = {
    fields: new Map(),
    rules: new Map(),
    usesToday: false,
    replacements: [],
    faults: [],
    cost: 0,
  };
  usage.cost = new Reader(source, usage).visit(root, []);
  return usage;
};

const note = (names: Map<string, number>, name: string, offset: number): void => {
  if (!names.has(name)) names.set(name, offset);
};

/** Visits answer the steps that the piece takes. */
class Reader {
  constructor(
    private readonly source: string,
    private readonly usage: Usage,
  ) {}

  visit(node: ASTNode, bound: readonly string[]): number {
    if (node.op === 'id') return this.visitName(node, node.args, bound);
    if (node.op === '.') return this.visitMember(node, node.args[0], node.args[1], bound);
    if (node.op === 'call') return this.visitCall(node, node.args[0], undefined, node.args[1], bound);
    if (node.op === 'rcall') return this.visitCall(node, node.args[0], node.args[1], node.args[2], bound);
    return 1 + sum(childrenOf(node).map((child) => this.visit(child, bound)));
  }

  private visitName(node: ASTNode, name: string, bound: readonly string[]): number {
    if (bound.includes(name)) return 1;
    if (name === TODAY) this.usage.usesToday = true;
    else if (name === RULES) this.fault(node, 'write rules.<name>, such as rules.employees');
    else if (CEL_NAMES.has(name))
      this.fault(node, `"${name}" is a word of CEL: a field of that name is field("${name}")`);
    else if (isReserved(name)) this.fault(node, `"${name}" can't be a field`);
    else note(this.usage.fields, name, node.start);
    return 1;
  }

  /** Fields have no members: only named rules are written so. */
  private visitMember(node: ASTNode, owner: ASTNode, name: string, bound: readonly string[]): number {
    if (owner.op === 'id' && owner.args === RULES) {
      note(this.usage.rules, name, node.start);
      this.usage.replacements.push({ start: node.start, end: node.end, name: ruleVariable(name) });
      return 1;
    }
    return 1 + this.visit(owner, bound);
  }

  private visitCall(
    node: ASTNode,
    name: string,
    receiver: ASTNode | undefined,
    args: readonly ASTNode[],
    bound: readonly string[],
  ): number {
    if (!RULE_FUNCTIONS.includes(name)) {
      const remedy = name === 'matches' ? '; like("Sales*") takes * for any text' : didYouMean(name, RULE_FUNCTIONS);
      const offset = receiver === undefined ? node.start : this.source.indexOf(name, receiver.end);
      this.usage.faults.push(faultAt(this.source, offset, `no function "${name}"`, remedy));
    }
    if (name === 'field') return this.visitField(node, receiver, args);
    const [variable] = args;
    const isLoop = LOOPS.includes(name) && variable?.op === 'id';
    if (isLoop && bound.length > 0) this.fault(node, `${name} inside of another loop`);
    const inner = isLoop ? [...bound, variable.args] : bound;
    const before = receiver === undefined ? 0 : this.visit(receiver, bound);
    const body = sum(args.map((argument) => this.visit(argument, inner)));
    const own = (WORK[name] ?? 1) * (1 + JOIN_STEPS * joinsIn(node));
    return own + before + (isLoop ? before * body : body);
  }

  /** `field("4340.4")`: fields without an alias go by their number. */
  private visitField(node: ASTNode, receiver: ASTNode | undefined, [name, ...more]: readonly ASTNode[]): number {
    const isField = receiver === undefined && more.length === 0 && name?.op === 'value';
    const field = isField ? String(name.args) : '';
    if (!isFieldName(field)) this.fault(node, 'field takes a field by its name or number, such as field("4340.4")');
    note(this.usage.fields, field, node.start);
    this.usage.replacements.push({ start: node.start, end: node.end, name: fieldVariable(field) });
    return 1;
  }

  private fault({ start }: ASTNode, message: string): void {
    this.usage.faults.push(faultAt(this.source, start, message));
  }
}

/** A function goes through its text, and that is as long as all that is joined to it. */
const JOIN_STEPS = 10;
const joinsIn = (node: ASTNode): number =>
  (node.op === '+' ? 1 : 0) + sum(childrenOf(node).map((child) => joinsIn(child)));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

export const childrenOf = (node: ASTNode): readonly ASTNode[] => [node.args].flat(2).filter(isNode);

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value;

/** The source as the evaluator takes it; every other character stays in its place. */
export const rewrite = (source: string, replacements: readonly Replacement[]): string =>
  replacements
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, { start, end, name }) => text.slice(0, start) + name.padEnd(end - start) + text.slice(end), source);
