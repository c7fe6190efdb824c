import { wholeNumberIn, type BambooCall } from './request.js';

export interface Paged<Row> {
  readonly rows: readonly Row[];
  readonly pagination: {
    readonly total_records: number;
    readonly current_page: number;
    readonly total_pages: number;
    readonly next_page: string | null;
    readonly prev_page: string | null;
  };
}

const MOST = 1_000;
const NORMAL = 500;

/** A page by `page` and `page_size`. A page beyond the last is the last one: whoever waits for an empty one waits for ever. */
export const clampedPage = <Row>(call: BambooCall, rows: readonly Row[]): Paged<Row> => {
  const { query, version, path, world } = call;
  const size = wholeNumberIn(query, 'page_size', NORMAL, MOST);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const page = wholeNumberIn(query, 'page', 1, pages);
  const below = path.slice(path.indexOf(`/${version}/`));
  const link = (number: number): string =>
    `https://${world.company.name}.bamboohr.com/api${below}?page=${number}&page_size=${size}`;
  return {
    rows: rows.slice((page - 1) * size, page * size),
    pagination: {
      total_records: rows.length,
      current_page: page,
      total_pages: pages,
      next_page: page < pages ? link(page + 1) : null,
      prev_page: page > 1 ? link(page - 1) : null,
    },
  };
};
