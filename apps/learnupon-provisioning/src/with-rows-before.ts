import type { RelayRow, RelaySource } from '@portico/messaging';
import { partition } from './persistence/group-by.js';

/**
 * What the version before this one leaves in its own table, and then what this one leaves: while pods are replaced both are
 * written, and some of the older table may be left when the last old pod goes. With the next release it goes.
 */
export const withRowsBefore = (before: RelaySource, source: RelaySource): RelaySource => {
  const older = new WeakSet<RelayRow>();
  /** Nothing of the older ones could go in the last round: then they keep back no others. */
  let areStuck = false;
  return {
    pools: () => source.pools(),
    waiting: async (pool, limit) => {
      // In this order, so that nothing is seen without what was committed before it.
      const rows = await source.waiting(pool, limit);
      const first = await before.waiting(pool, limit);
      for (const row of first) older.add(row);
      const isRoom = areStuck || first.length < limit;
      areStuck = true;
      return isRoom ? [...first, ...rows] : first;
    },
    mark: async (published) => {
      const [first, rows] = partition(published, ({ row }) => older.has(row));
      if (first.length > 0) {
        areStuck = false;
        await before.mark(first);
      }
      if (rows.length > 0) await source.mark(rows);
    },
  };
};
