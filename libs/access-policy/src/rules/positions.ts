/** A place in a rule's text, from 1. */
export interface RulePosition {
  readonly line: number;
  readonly column: number;
}

export interface RuleFault {
  /** With the place, where there is one. */
  readonly message: string;
  readonly position?: RulePosition;
}

export const positionOf = (source: string, offset: number): RulePosition => {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
};

const placeIn = (source: string, { line, column }: RulePosition): string =>
  ` (at ${source.includes('\n') ? `line ${line}, ` : ''}character ${column})`;

/** @param hint comes after the place, such as `; did you mean "department"?` */
export const faultAt = (source: string, offset: number | undefined, message: string, hint = ''): RuleFault => {
  if (offset === undefined) return { message: `${message}${hint}` };
  const position = positionOf(source, offset);
  return { message: `${message}${placeIn(source, position)}${hint}`, position };
};

/** A fault in a piece of a text, seen from the whole text. */
export const faultInside = (source: string, begin: number, fault: RuleFault): RuleFault => {
  if (fault.position?.line !== 1) return fault;
  const position = positionOf(source, begin + fault.position.column - 1);
  const message = fault.message.replace(/ \(at (line \d+, )?character \d+\)/, placeIn(source, position));
  return { message, position };
};
