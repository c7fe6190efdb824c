import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** The validator's name, by which the schema generator finds it. */
export const OPEN_ENUM = 'openEnum';

/**
 * An enumeration that a newer sender may have widened: a value that this reader does not know becomes `fallback`
 * instead of making the whole message invalid.
 */
export const OpenEnum = (values: readonly string[], fallback: string): PropertyDecorator => {
  const known = new Set(values);
  const map = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && !known.has(value) ? fallback : value,
  );
  const check = ValidateBy({
    name: OPEN_ENUM,
    constraints: [values],
    validator: {
      validate: (value) => known.has(value as string),
      defaultMessage: (args) => `${args?.property ?? 'value'} must be one of ${values.join(', ')}`,
    },
  });
  return (target, key) => {
    map(target, key);
    check(target, key);
  };
};
