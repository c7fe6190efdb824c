import 'reflect-metadata';
import { main } from './program.js';

const interrupted = new AbortController();
const interrupt = () => {
  // A second one ends what does not listen.
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort();
};
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
// `portico people | head` closes the pipe early, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await main(process.argv.slice(2), process, interrupted.signal);
