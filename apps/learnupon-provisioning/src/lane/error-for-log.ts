/** Errors of the database quote rows, which hold personal data: only what kind of error it is goes to the log. */
export const errorForLog = (error: unknown): object => {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const isOurs = code === undefined;
  return {
    type: error.name,
    code,
    constraint,
    stack: error.stack?.split('\n').slice(1, 6).join('\n'),
    ...(isOurs ? { message: error.message } : {}),
  };
};
