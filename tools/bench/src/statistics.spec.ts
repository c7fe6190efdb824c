import { covered, percentile, spreadOf } from './statistics.js';

describe(percentile.name, () => {
  const upTo200 = Array.from({ length: 200 }, (_, index) => 200 - index);

  it('is a value that was seen', () => {
    expect(percentile(upTo200, 50)).toBe(100);
    expect(percentile(upTo200, 99)).toBe(198);
    expect(percentile([7], 50)).toBe(7);
  });

  it('ends at the least and the most', () => {
    expect(percentile(upTo200, 0)).toBe(1);
    expect(percentile(upTo200, 100)).toBe(200);
  });

  it('is no number where nothing was seen', () => {
    expect(percentile([], 99)).toBeNaN();
  });

  it('compares numbers, not texts', () => {
    expect(spreadOf([9, 10, 100])).toEqual({ p50: 10, p99: 100, worst: 100 });
  });
});

describe(covered.name, () => {
  const within = { from: 10, to: 100 };

  it('counts what overlaps once', () => {
    const spans = [
      { from: 40, to: 60 },
      { from: 20, to: 50 },
      { from: 30, to: 35 },
    ];
    expect(covered(spans, within)).toBe(40);
  });

  it('counts only what is within', () => {
    const spans = [
      { from: 0, to: 15 },
      { from: 0, to: 5 },
      { from: 90, to: 120 },
      { from: 110, to: 130 },
    ];
    expect(covered(spans, within)).toBe(15);
  });

  it('is nothing without spans', () => {
    expect(covered([], within)).toBe(0);
  });
});
