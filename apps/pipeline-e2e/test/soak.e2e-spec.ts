import { soak } from '../src/soak-rounds.js';

describe('some weeks of a company, while vendors fail and parts are killed', () => {
  it('leave nothing doubled, missing or wrong', async () => {
    const lines: string[] = [];
    const sums = await soak({
      ...{ rounds: 3, seed: 5, kills: true, replicas: 2 },
      signal: AbortSignal.timeout(700_000),
      log: (line) => lines.push(line),
    });
    // The lines are what somebody needs who sees this fail.
    expect({ sums, faults: lines.filter((line) => line.startsWith('  ')) }).toEqual({
      sums: { doubled: 0, missing: 0, wrong: 0, unsettled: 0 },
      faults: [],
    });
    // One that was broken off has seen less.
    expect(lines.at(-1)).toBe('rounds 3, doubled 0, missing 0, wrong 0');
  }, 900_000);
});
