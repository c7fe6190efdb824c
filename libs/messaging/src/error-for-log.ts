const SQLSTATE = /^[0-9A-Z]{5}$/;

const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .join('\n');

/**
 * An error as it may be logged. A database's message holds the statement and its values, which are people's data: of
 * such an error only class, code, constraint and stack remain.
 */
export const errorForLog = (error: unknown): unknown => {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (!(error instanceof Error) || typeof code !== 'string' || !SQLSTATE.test(code)) return error;
  const { constraint } = error as { constraint?: unknown };
  return { type: error.name, code, constraint, stack: framesOf(error) };
};
