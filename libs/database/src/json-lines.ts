/**
 * Many JSON values as one parameter: JSON has no line break in it, so nothing is escaped, and read twice, as it is in an
 * array of `jsonb`. `linesOf` makes it an array of texts again, with `null` where nothing stands.
 */
export const jsonLines = (values: readonly unknown[]): string =>
  joinLines(values.map((value) => (value === null || value === undefined ? null : JSON.stringify(value))));

/** Of values that are JSON already. */
export const joinLines = (values: readonly (string | null)[]): string => values.map((value) => value ?? '').join('\n');

/** @param parameter such as `$1` */
export const linesOf = (parameter: string): string => `string_to_array(${parameter}::text, E'\\n', '')`;
