import { measureLatency, type LatencyOptions, type LatencyRound } from './latency.js';
import { round, type Outcome } from './outcome.js';
import type { Spread } from './statistics.js';

const inWords = ({ p50, p99, worst }: Spread): string =>
  `p50 ${round(p50, 1)} ms, p99 ${round(p99, 1)} ms, worst ${round(worst, 1)} ms`;

const printRound = (name: string, { spreads, floor }: LatencyRound): void => {
  console.log(`latency   ${name}: ${inWords(spreads.portico)}; bare calls ${inWords(floor)}`);
  const stages = {
    'with the vendors’ own time': spreads.total,
    'hint to first call at BambooHR': spreads.toRead,
    'to the employee in its stream': spreads.toEmployee,
    'to the decision in its stream': spreads.toDecision,
    'to the call at LearnUpon': spreads.toWrite,
  };
  for (const [stage, spread] of Object.entries(stages)) console.log(`latency     ${stage}: ${inWords(spread)}`);
};

const secondsOf = (name: string, { spreads: { portico }, floor }: LatencyRound) =>
  Object.fromEntries(
    Object.entries({
      P50: portico.p50,
      P99: portico.p99,
      Worst: portico.worst,
      FloorP50: floor.p50,
      FloorP99: floor.p99,
    }).map(([key, ms]) => [`${name}${key}`, round(ms / 1_000, 4)]),
  );

export const reportLatency = async (options: LatencyOptions): Promise<Outcome> => {
  const { idle, beside, busy, waiting } = await measureLatency(options);
  printRound('idle', idle);
  printRound('beside cells that wait', beside);
  printRound('beside lanes at work', busy);
  console.log(`latency   cells of the other tenant that still waited at the end: ${waiting}`);
  return {
    ratios: {},
    seconds: {
      ...secondsOf('latencyIdle', idle),
      ...secondsOf('latencyBeside', beside),
      ...secondsOf('latencyBusy', busy),
    },
  };
};
