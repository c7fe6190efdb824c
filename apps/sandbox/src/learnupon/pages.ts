import type { Answer } from '../http/call.js';
import { keepRows } from '../world/faults.js';
import type { PortalCall } from './request.js';

/**
 * One page of a list whose rows are JSON already. Pages are cut from the list as it is now: when a row before the page
 * goes, the rest moves up.
 */
export const pageAnswer = <Row>(
  call: PortalCall,
  rows: readonly Row[],
  write: (row: Row) => string,
  head: string,
  tail = ']}',
): Answer => {
  const { pageSize } = call.realm.switches;
  const page = Math.max(1, Math.floor(Number(call.query.get('page') ?? 1)) || 1);
  const start = (page - 1) * pageSize;
  const found = rows.slice(start, start + pageSize);
  const kept = keepRows(found, call.trouble);
  return {
    status: 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'LU-Current-Page': String(page),
      'LU-Records-Per-Page': String(pageSize),
      'LU-Has-Next-Page': String(kept.length === found.length && start + pageSize < rows.length),
    },
    body: head + kept.map(write).join(',') + tail,
  };
};

/** One page of plain objects under one key. */
export const listAnswer = <Row>(
  call: PortalCall,
  key: string,
  rows: readonly Row[],
  write: (row: Row) => object,
): Answer => pageAnswer(call, rows, (row) => JSON.stringify(write(row)), `{${JSON.stringify(key)}:[`);
