/** What is wrong, and where: in a file, or in what was sent. */
export interface ReportedFault {
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  readonly path: string;
  readonly message: string;
}

/** The command was refused or failed: exit code 1. The message says what to do. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
  readonly faults: readonly ReportedFault[] = [];
}

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `-o json` answers in place of an answer: the message, and all faults. */
export const failureOf = (error: Failure | UsageError): object => {
  const faults = error instanceof Failure ? error.faults : [];
  const [summary = ''] = faults.length === 0 ? [error.message] : error.message.split('\n');
  return { error: summary, ...(faults.length === 0 ? {} : { faults }) };
};
