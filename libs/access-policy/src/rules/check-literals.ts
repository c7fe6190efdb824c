import type { ASTNode } from '@marcbachmann/cel-js';
import { parseDay } from '../day-number.js';
import { didYouMean } from '../nearest-name.js';
import type { FieldCatalogue, KnownField } from './field-catalogue.js';
import { DAY_FUNCTIONS } from './functions.js';
import { faultAt, type RuleFault } from './positions.js';
import { childrenOf } from './read-usage.js';

export interface LiteralFindings {
  readonly faults: readonly RuleFault[];
  /** What may become right, such as a department that is not there yet. */
  readonly warnings: readonly RuleFault[];
}
interface Finding {
  readonly node: ASTNode;
  readonly message: string;
  readonly hint?: string;
  readonly isWarning?: true;
}

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];

/** Fields are texts to CEL, and more than that to BambooHR: what a field is compared with must be of its type. */
export const checkLiterals = (
  source: string,
  root: ASTNode,
  catalogue: FieldCatalogue | undefined,
): LiteralFindings => {
  const findings = catalogue === undefined ? [] : inspect(root, catalogue);
  const toFault = ({ node, message, hint }: Finding) => faultAt(source, node.start, message, hint);
  return {
    faults: findings.filter(({ isWarning }) => !isWarning).map(toFault),
    warnings: findings.filter(({ isWarning }) => isWarning).map(toFault),
  };
};

const inspect = (node: ASTNode, catalogue: FieldCatalogue): Finding[] => [
  ...inspectHere(node, catalogue),
  ...argumentsOf(node).flatMap((child) => inspect(child, catalogue)),
];

const argumentsOf = (node: ASTNode): readonly ASTNode[] => {
  if (node.op === 'call') return node.args[1];
  return node.op === 'rcall' ? [node.args[1], ...node.args[2]] : childrenOf(node);
};

const inspectHere = (node: ASTNode, catalogue: FieldCatalogue): Finding[] => {
  if (COMPARISONS.includes(node.op)) return inspectComparison(node.args as [ASTNode, ASTNode], catalogue);
  if (node.op === 'in') return inspectMembership(node.args, catalogue);
  if (node.op === 'call') return inspectDays(node.args[0], node.args[1], catalogue);
  return node.op === 'rcall' ? inspectDays(node.args[0], [node.args[1], ...node.args[2]], catalogue) : [];
};

const fieldOf = (node: ASTNode | undefined, catalogue: FieldCatalogue): KnownField | undefined => {
  if (node?.op === 'id') return catalogue.get(node.args);
  return node?.op === 'call' && node.args[0] === 'field' && node.args[1][0]?.op === 'value'
    ? catalogue.get(String(node.args[1][0].args))
    : undefined;
};

const inspectComparison = ([one, other]: readonly [ASTNode, ASTNode], catalogue: FieldCatalogue): Finding[] => [
  ...inspectLiteral(fieldOf(one, catalogue), other),
  ...inspectLiteral(fieldOf(other, catalogue), one),
];

const inspectMembership = ([one, list]: readonly [ASTNode, ASTNode], catalogue: FieldCatalogue): Finding[] => {
  const field = fieldOf(one, catalogue);
  return list.op === 'list' ? list.args.flatMap((item) => inspectLiteral(field, item)) : [];
};

const inspectLiteral = (field: KnownField | undefined, node: ASTNode): Finding[] => {
  if (field === undefined || node.op !== 'value' || typeof node.args !== 'string' || node.args === '') return [];
  const value = node.args;
  const message = typeFault(field, value);
  if (message !== undefined) return [{ node, message }];
  const { options } = field;
  if (options === undefined || options.length === 0 || options.includes(value)) return [];
  return [
    { node, message: `${field.name} has no value "${value}"`, hint: didYouMean(value, options), isWarning: true },
  ];
};

const typeFault = ({ name, type }: KnownField, value: string): string | undefined => {
  if (type === 'date' && parseDay(value) === undefined) return `${name} is a date: write it as YYYY-MM-DD`;
  if (type === 'bool' && !['true', 'false'].includes(value)) return `${name} is "true" or "false"`;
  if ((type === 'int' || type === 'integer') && !/^-?\d+$/.test(value)) return `${name} is a whole number`;
  return undefined;
};

const MAYBE_DAYS = ['date', 'text', 'timestamp', undefined];

const inspectDays = (name: string, args: readonly ASTNode[], catalogue: FieldCatalogue): Finding[] =>
  args.slice(0, DAY_FUNCTIONS[name] ?? 0).flatMap((node) => {
    const field = fieldOf(node, catalogue);
    if (field === undefined || MAYBE_DAYS.includes(field.type)) return [];
    return [{ node, message: `${name} takes days, and ${field.name} is a ${field.type}` }];
  });
