import events from 'node:events';

/*
 * Jest gives every test file modules and globals of its own. A module of Node is the one thing that all files of a process have in common, so what
 * is started once per process is remembered on one.
 */
const shelf = events as unknown as Record<symbol, Map<string, Promise<unknown>> | undefined>;
const key = Symbol.for('@portico/testing');

/** Runs `make` at the first call with this name in this process, however many test files ask; a failure may be tried again. */
export function oncePerProcess<T>(name: string, make: () => Promise<T>): Promise<T> {
  const made = (shelf[key] ??= new Map());
  const known = made.get(name) as Promise<T> | undefined;
  if (known) return known;
  const making = make();
  made.set(name, making);
  making.catch(() => made.delete(name));
  return making;
}

/** One line on stderr, once per process. */
export const sayOnce = (line: string) =>
  oncePerProcess(`say ${line}`, async () => void process.stderr.write(`testing: ${line}\n`));
