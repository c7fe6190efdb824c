import { chaos } from '../src/chaos-runs.js';

describe('a dozen kills at random points', () => {
  it('leave nothing doubled, missing or wrong', async () => {
    const lines: string[] = [];
    const sums = await chaos({ runs: 12, seed: 11, log: (line) => lines.push(line) });
    // The lines are what somebody needs who sees this fail.
    expect({ sums, faults: lines.filter((line) => line.startsWith('  ')) }).toEqual({
      sums: { doubled: 0, missing: 0, wrong: 0, unsettled: 0 },
      faults: [],
    });
  }, 300_000);
});
