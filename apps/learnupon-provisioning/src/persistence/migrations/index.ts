import { CellsAndLanes } from './0001-cells-and-lanes.js';
import { WhoIsInTheWay } from './0002-who-is-in-the-way.js';
import { CheaperStatistics } from './0003-cheaper-statistics.js';
import { TheAccountAsWanted } from './0004-the-account-as-wanted.js';
import { ReadBackByTime } from './0005-read-back-by-time.js';
import { WhatWasRefused } from './0006-what-was-refused.js';
import { FewerBytesAndIndexes } from './0007-fewer-bytes-and-indexes.js';
import { EventsInBatches } from './0008-events-in-batches.js';
import { WhatCellsWaitFor } from './0009-what-cells-wait-for.js';
import { HintsBetweenLanes } from './0010-hints-between-lanes.js';
import { Holds } from './0011-holds.js';

/** In the order in which they are applied. A migration that was released is never edited. */
export const MIGRATIONS = [
  CellsAndLanes,
  WhoIsInTheWay,
  CheaperStatistics,
  TheAccountAsWanted,
  ReadBackByTime,
  WhatWasRefused,
  FewerBytesAndIndexes,
  EventsInBatches,
  WhatCellsWaitFor,
  HintsBetweenLanes,
  Holds,
];
