import { parseArgs } from 'node:util';
import { chaos } from './chaos-runs.js';
import { main } from './terminal.js';

const HELP = `npm run chaos -- [--runs N] [--seed N]

Provisions a small company (20 employees, 3 portals) again and again on servers that stay up, and each time kills
a service, PostgreSQL or NATS at a random point (kill -9) and starts it again. Then the vendors' own data must be right.
Prints what was killed when, and last: runs N, doubled N, missing N, wrong N. Exits with 1 unless these are 0.

  --runs N   how many runs (50)
  --seed N   the same seed kills the same things at the same moments (7)`;

main(async (signal) => {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '50' },
      seed: { type: 'string', default: '7' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const runs = Number(values.runs);
  const seed = Number(values.seed);
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
    console.error(`--runs and --seed take whole numbers\n\n${HELP}`);
    return 2;
  }
  const sums = await chaos({ runs, seed, signal, log: console.log });
  return sums.doubled + sums.missing + sums.wrong + sums.unsettled === 0 ? 0 : 1;
});
