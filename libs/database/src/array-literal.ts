/** What JSON writes with a letter or a number where PostgreSQL would read the letter. */
const NAMED_CHARACTER = /\\[bfnrtu]/;

const isScalar = (value: unknown): boolean =>
  value === null || value === undefined || ['string', 'boolean', 'number'].includes(typeof value);

/**
 * An array as PostgreSQL reads it, where JSON's way of writing it is the same but for the brackets: one call for a column
 * of hundreds of values, where the driver looks at each. Anything else is left to the driver.
 */
export const arrayLiteral = (value: unknown): unknown => {
  if (!Array.isArray(value) || !value.every(isScalar)) return value;
  const json = JSON.stringify(value);
  return NAMED_CHARACTER.test(json) ? value : `{${json.slice(1, -1)}}`;
};
