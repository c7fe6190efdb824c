import { didYouMean } from '@portico/access-policy';

/** What is wrong with a part of a value, and where in it. */
export interface ShapeFault {
  readonly path: readonly string[];
  readonly message: string;
}
export type Shape = (value: unknown) => readonly ShapeFault[];
export type Plain = Readonly<Record<string, unknown>>;

export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NONE: readonly ShapeFault[] = [];
export const wrong = (message: string): readonly ShapeFault[] => [{ path: [], message }];
export const at = (step: string, faults: readonly ShapeFault[]): readonly ShapeFault[] =>
  faults.map(({ path, message }) => ({ path: [step, ...path], message }));

/** @param remedy what is wrong where the test fails. */
export const when =
  (test: (value: unknown) => boolean, remedy: string): Shape =>
  (value) =>
    test(value) ? NONE : wrong(remedy);

export const text = (remedy = 'must be a text'): Shape =>
  when((value) => typeof value === 'string' && value.trim() !== '' && value.length <= 20_000, remedy);

export const oneOf = (values: readonly string[], hints: Readonly<Record<string, string>> = {}): Shape => {
  const remedy = `must be one of ${values.join(', ')}`;
  return (value) =>
    values.includes(value as string)
      ? NONE
      : wrong(
          `${remedy}${typeof value === 'string' ? (Object.hasOwn(hints, value) ? hints[value] : didYouMean(value, values)) : ''}`,
        );
};

export const whole = (min: number, max: number): Shape =>
  when(
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `must be a whole number from ${min} to ${max}`,
  );

export const listOf =
  (item: Shape, remedy: string, { min = 0, max = 1_000 }: { min?: number; max?: number } = {}): Shape =>
  (value) => {
    if (!Array.isArray(value) || value.length < min) return wrong(remedy);
    if (value.length > max) return wrong(`must have at most ${max} items`);
    return value.flatMap((one, index) => at(String(index), item(one)));
  };

export const mapOf =
  (key: Shape, item: Shape, remedy: string, max = 500): Shape =>
  (value) => {
    if (!isPlain(value)) return wrong(remedy);
    if (Object.keys(value).length > max) return wrong(`must have at most ${max} entries`);
    return Object.entries(value).flatMap(([name, one]) => at(name, [...key(name), ...item(one)]));
  };

/** A map with fixed keys; those that end in `?` may be left out. */
export const object = (keys: Readonly<Record<string, Shape>>, remedy: string): Shape => {
  const shapes = new Map(Object.entries(keys).map(([key, shape]) => [key.replace(/\?$/, ''), shape]));
  const required = Object.keys(keys).filter((key) => !key.endsWith('?'));
  return (value) => {
    if (!isPlain(value)) return wrong(remedy);
    const given = Object.entries(value).filter(([, one]) => one !== undefined);
    return [
      ...given.flatMap(([key, one]) =>
        at(key, shapes.get(key)?.(one) ?? wrong(`unknown key${didYouMean(key, [...shapes.keys()])}`)),
      ),
      ...required.filter((key) => value[key] === undefined).flatMap((key) => at(key, wrong('is missing'))),
    ];
  };
};
