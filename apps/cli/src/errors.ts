/** The command was refused or failed: exit code 1. The message says what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
