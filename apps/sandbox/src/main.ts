import { run } from './run.js';

/** npm ends on a signal without telling us: then its end is the signal. */
const whenNpmEnds = (stop: () => void): void => {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 500).unref();
};

try {
  const sandbox = await run(process.argv.slice(2), (line) => console.log(line));
  const stop = (): void => void sandbox?.stop();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  whenNpmEnds(stop);
} catch (error) {
  console.error(`sandbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
