/** The least value that so many of a hundred do not exceed (nearest rank); `NaN` of nothing. */
export const percentile = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1] ?? Number.NaN;
};

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  p50: percentile(values, 50),
  p99: percentile(values, 99),
  worst: percentile(values, 100),
});

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How much of `within` the spans cover together; where they overlap it counts once. */
export const covered = (spans: readonly Span[], within: Span): number => {
  let total = 0;
  let end = within.from;
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    const last = Math.min(to, within.to);
    total += Math.max(0, last - Math.max(from, end));
    end = Math.max(end, last);
  }
  return total;
};
