import { parseOptions, USAGE } from './options.js';
import { startSandbox, type SandboxOptions } from './start-sandbox.js';

const serve = async (options: SandboxOptions): Promise<void> => {
  const { bamboohr, learnupon, control, stop } = await startSandbox(options);
  console.log(JSON.stringify({ bamboohr, learnupon, control }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
};

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await serve(options);
} catch (error) {
  const reason = isTaken(error) ? 'the port is taken: choose another with --port, or 0 for a free one' : String(error);
  console.error(`sandbox: ${reason}`);
  process.exitCode = 1;
}
