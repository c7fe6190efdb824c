import { run } from './run.js';

try {
  const sandbox = await run(process.argv.slice(2), (line) => console.log(line));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox?.stop());
} catch (error) {
  console.error(`sandbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
