import type { Page, PageRequest } from '@portico/contracts';
import { QuestionError } from '@portico/messaging';

const MOST = 500;
const USUAL = 200;

export const limitOf = ({ limit = USUAL }: PageRequest): number => {
  if (!Number.isInteger(limit) || limit < 1)
    throw new QuestionError('invalid', `limit is a whole number from 1 to ${MOST}`);
  return Math.min(MOST, limit);
};

/** A cursor is the last row's key; what it looks like is nobody's business. */
export const cursorOf = (...key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

export const keyOf = ({ cursor }: PageRequest, length: number): readonly string[] | undefined => {
  if (cursor === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(key) && key.length === length) return key.map(String);
  } catch {
    // Said below.
  }
  throw new QuestionError('invalid', 'the cursor is not one that was answered: ask for the first page again');
};

export const pageOf = <Row>(rows: readonly Row[], limit: number, cursor: (last: Row) => string): Page<Row> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, ...(rows.length > limit && last !== undefined ? { next: cursor(last) } : {}) };
};
