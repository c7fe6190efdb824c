import { run } from './run.mjs';

/** What CI runs, in the order in which a fault is cheapest to find. All of it runs, so that all faults are seen at once. */
const steps = [
  ['prettier', ['--check', '.', '--log-level', 'warn']],
  ['nx', ['run-many', '-t', 'build', 'typecheck', 'lint', '--parallel=2', '--output-style=static', '--nx-bail=false']],
  ['node', ['tools/scripts/test.mjs']],
];
const failed = steps.filter(([program, args]) => run(program, args) !== 0);
for (const [program, args] of failed) console.error(`FAILED ${program} ${args.join(' ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
