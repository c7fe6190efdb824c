/** The message, and those of its causes: what somebody who starts the app can act on. */
export const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const own = error instanceof AggregateError ? error.errors.map(explain).join('; ') : '';
  const message = [error.message, own].filter((part) => part !== '').join(': ');
  return error.cause === undefined ? message : `${message} (${explain(error.cause)})`;
};
