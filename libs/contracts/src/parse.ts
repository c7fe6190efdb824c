import 'reflect-metadata';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

/** A body that is not what its type says. The message names properties and rules, never values. */
export class InvalidContractError extends Error {
  override readonly name = 'InvalidContractError';
  constructor(
    readonly type: string,
    readonly faults: readonly string[],
  ) {
    super(`${type}: ${faults.join('; ')}`);
  }
}

const faultsOf = (errors: readonly ValidationError[], path = ''): string[] =>
  errors.flatMap((error) => {
    const here = path === '' ? error.property : `${path}.${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((rule) =>
      rule.startsWith(error.property) ? `${path === '' ? '' : `${path}.`}${rule}` : `${here}: ${rule}`,
    );
    return [...own, ...faultsOf(error.children ?? [], here)];
  });

/**
 * Turns a parsed JSON value into an instance of a contract class. Fields that the class does not know are dropped.
 * @throws InvalidContractError with all faults at once.
 */
export const parseContract = <T extends object>(type: ClassConstructor<T>, value: unknown): T => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidContractError(type.name, ['the body is not a JSON object']);
  }
  const instance = plainToInstance(type, value);
  const errors = validateSync(instance, { whitelist: true, forbidUnknownValues: true });
  if (errors.length > 0) throw new InvalidContractError(type.name, faultsOf(errors));
  return instance;
};
