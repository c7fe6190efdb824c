import type { Employee } from '../../world/employee.js';

type CursorKey = 'nextEmployee' | 'prevEmployee';

export const cursorOf = (key: CursorKey, id: number): string =>
  Buffer.from(JSON.stringify({ [key]: id })).toString('base64');

const readCursor = (text: string, key: CursorKey): number | undefined => {
  try {
    const value = JSON.parse(Buffer.from(text, 'base64').toString()) as Record<string, unknown> | null;
    const id = value?.[key];
    return typeof id === 'number' ? id : undefined;
  } catch {
    return undefined;
  }
};

export interface Page {
  readonly rows: readonly Employee[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

const indexOf = (found: readonly Employee[], cursor: string, key: CursorKey): number => {
  const boundary = readCursor(cursor, key);
  return boundary === undefined ? -1 : found.findIndex(({ id }) => id === boundary);
};

const pageBefore = (found: readonly Employee[], index: number, limit: number): Page => {
  const start = Math.max(0, index - limit);
  return { rows: found.slice(start, index), hasNext: true, hasPrevious: start > 0 };
};

const pageFrom = (found: readonly Employee[], start: number, limit: number): Page => ({
  rows: found.slice(start, start + limit),
  hasNext: start + limit < found.length,
  hasPrevious: start > 0,
});

/** The page after or before the boundary employee; `undefined` when that one is gone or no longer matches. */
export const pageOf = (found: readonly Employee[], query: URLSearchParams, limit: number): Page | undefined => {
  const after = query.get('page[after]');
  if (after !== null) {
    const index = indexOf(found, after, 'nextEmployee');
    return index < 0 ? undefined : pageFrom(found, index + 1, limit);
  }
  const before = query.get('page[before]');
  if (before === null) return pageFrom(found, 0, limit);
  const index = indexOf(found, before, 'prevEmployee');
  return index < 0 ? undefined : pageBefore(found, index, limit);
};
