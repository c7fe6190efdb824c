import type { RuleFault, RulePosition } from './rules/positions.js';

export interface PolicyFault {
  /** Such as `portals.emea.audience`, or `defaults.audience` where the portal says nothing itself. */
  readonly path: string;
  readonly message: string;
  /** In the rule. */
  readonly position?: RulePosition;
}

export const placed = (path: string, { message, position }: RuleFault): PolicyFault => ({
  path,
  message,
  ...(position === undefined ? {} : { position }),
});

/** A default that many portals take has its fault once. */
export const withoutRepeats = (faults: readonly PolicyFault[]): PolicyFault[] => [
  ...new Map(faults.map((fault) => [`${fault.path}\n${fault.message}`, fault])).values(),
];
