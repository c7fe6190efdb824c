import { parseOptions, USAGE } from './options.js';
import { startSandbox, type Sandbox } from './start-sandbox.js';

/** What to say to the caller. A system's error is known by its code. */
const reasonOf = (error: unknown): string => {
  const { code, message = String(error) } = error as { code?: string; message?: string };
  if (code === 'EADDRINUSE') return 'the port is taken: choose another with --port, or 0 for a free one';
  if (code === 'EACCES') return 'the port needs more rights than you have: choose one above 1023 with --port';
  return message;
};

/**
 * The command: prints one line of JSON when the sandbox is ready.
 * @returns the running sandbox, or undefined when there is nothing to serve
 * @throws Error with a message for the caller
 */
export const run = async (args: readonly string[], print: (line: string) => void): Promise<Sandbox | undefined> => {
  try {
    const options = parseOptions(args);
    if (options === 'help') {
      print(USAGE);
      return undefined;
    }
    const sandbox = await startSandbox(options);
    const { bamboohr, learnupon, control, ca } = sandbox;
    print(JSON.stringify({ bamboohr, learnupon, control, ca }));
    return sandbox;
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
};
