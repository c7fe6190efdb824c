import { run } from './run.mjs';

/** What CI runs, in the order in which a fault is cheapest to find. All of it runs, so that all faults are seen at once. */
const steps = [
  ['prettier', ['--check', '.', '--log-level', 'warn']],
  ['nx', ['run-many', '-t', 'build', 'typecheck', 'lint', '--parallel=2', '--output-style=static', '--nx-bail=false']],
  ['node', ['tools/scripts/test.mjs']],
];
process.exitCode = steps.map(([program, args]) => run(program, args)).some((status) => status !== 0) ? 1 : 0;
