/** What a measure brings to the line of JSON. */
export interface Outcome {
  readonly ratios: Readonly<Record<string, number>>;
  readonly seconds?: Readonly<Record<string, number>>;
  readonly megabytes?: Readonly<Record<string, number>>;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
