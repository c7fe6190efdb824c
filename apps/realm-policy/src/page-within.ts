import type { Page } from '@portico/contracts';

/** An answer is at most 256 KiB; the envelope takes some of it. */
const MOST_BYTES = 240 * 1_024;

/**
 * A page of at most `limit` rows, and fewer where they are large.
 * @param rows one more than `limit` where there are more.
 */
export const pageWithin = <Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): Page<Row> => {
  let bytes = 0;
  const fits = rows.slice(0, limit).findIndex((row, index) => {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    return bytes > MOST_BYTES && index > 0;
  });
  const page = rows.slice(0, fits < 0 ? limit : fits);
  const last = page.at(-1);
  return last !== undefined && page.length < rows.length ? { rows: page, next: cursorOf(last) } : { rows: page };
};
