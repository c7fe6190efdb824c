/** Runs one statement, with `$1` placeholders, on any connection to the service's database. */
export type Sql = <Row extends object = Record<string, unknown>>(
  text: string,
  parameters?: readonly unknown[],
) => Promise<Row[]>;

const NAME = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/;

/** @throws RangeError when it is no plain name of a table or column. */
export const sqlName = (name: string): string => {
  if (!NAME.test(name)) throw new RangeError(`"${name}" is no name of a table or column`);
  return name;
};
