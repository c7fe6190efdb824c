/** Seeded, so that a run can be had again: mulberry32. */
export interface Random {
  /** From 0 to below `limit`. */
  integer(limit: number): number;
  pick<T>(values: readonly T[]): T;
  shuffle<T>(values: readonly T[]): T[];
}

export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (limit: number) => Math.floor(next() * limit);
  return {
    integer,
    pick: <T>(values: readonly T[]): T => values[integer(values.length)] as T,
    shuffle: <T>(values: readonly T[]): T[] => {
      const copy = [...values];
      for (let index = copy.length - 1; index > 0; index -= 1) {
        const other = integer(index + 1);
        [copy[index], copy[other]] = [copy[other] as T, copy[index] as T];
      }
      return copy;
    },
  };
};
