import { parseArgs } from 'node:util';
import { soak } from './soak-rounds.js';
import { main } from './terminal.js';

const HELP = `npm run soak -- [--rounds N] [--seed N] [--kills] [--replicas N]

A company of 120 people and a realm of three portals live on: hires, moves, marriages, ends, returns, addresses that
somebody else gets. Meanwhile BambooHR and LearnUpon fail: errors, timeouts, dropped answers, 429s, reads of BambooHR that
are cut short or lack a field. The gate is narrow, and what it keeps back is approved at the end of each round, when all works
again: the vendors' own data must be right then. Some 15 seconds and two weeks a round.
Prints last: rounds N, doubled N, missing N, wrong N. Exits with 1 unless these are 0 and each round settled.

  --rounds N    how many rounds (10)
  --seed N      the same seed lives the same life (7)
  --kills       services, PostgreSQL and NATS are killed too
  --replicas N  how many processes of each service (1)`;

main(async (signal) => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '10' },
      seed: { type: 'string', default: '7' },
      kills: { type: 'boolean', default: false },
      replicas: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const rounds = Number(values.rounds);
  const seed = Number(values.seed);
  const replicas = Number(values.replicas);
  if (![rounds, seed, replicas].every(Number.isInteger) || rounds < 1 || replicas < 1) {
    console.error(`--rounds, --seed and --replicas take whole numbers from 1\n\n${HELP}`);
    return 2;
  }
  const sums = await soak({ rounds, seed, kills: values.kills, replicas, signal, log: console.log });
  return sums.doubled + sums.missing + sums.wrong + sums.unsettled === 0 ? 0 : 1;
});
