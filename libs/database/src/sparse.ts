/**
 * A column for `unnest` beside others that have a value for each row: where it says nothing of any row it is not sent, and
 * `unnest` makes nulls of it. For statements to which false says as little as null: most batches leave most columns empty.
 */
export const sparse = <T>(column: readonly T[]): readonly T[] | null =>
  column.some((value) => value !== null && value !== undefined && value !== false) ? column : null;
