import { ApiError } from './api-client.js';
import { UsageError } from './errors.js';

/**
 * What the API refuses of an option or an argument was written wrongly: a handler for `catch`.
 * @param optionOf what was written, by the path of the fault; `undefined` for what was not.
 */
export const asUsage =
  (optionOf: (path: string) => string | undefined = (path) => `--${path}: `) =>
  (error: unknown): never => {
    if (!(error instanceof ApiError) || error.status !== 400 || error.faults.length === 0) throw error;
    if (error.faults.some(({ path }) => optionOf(path) === undefined)) throw error;
    throw new UsageError(error.faults.map(({ path, message }) => `${optionOf(path)}${message}`).join('\n'));
  };
