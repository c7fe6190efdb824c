import { Transform } from 'class-transformer';
import { IsIn } from 'class-validator';

/**
 * An enumeration that a newer sender may have widened: a value that this reader does not know becomes `fallback`
 * instead of making the whole message invalid.
 */
export const OpenEnum = (values: readonly string[], fallback: string): PropertyDecorator => {
  const map = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && !values.includes(value) ? fallback : value,
  );
  const check = IsIn(values);
  return (target, key) => {
    map(target, key);
    check(target, key);
  };
};
