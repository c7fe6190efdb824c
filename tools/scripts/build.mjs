import { runQuietly } from './run.mjs';

process.exitCode = runQuietly('nx', ['run-many', '-t', 'build', '--parallel=3', '--output-style=static']);
