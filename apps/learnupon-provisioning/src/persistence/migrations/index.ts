import { CellsAndLanes } from './0001-cells-and-lanes.js';

/** In the order in which they are applied. A migration that was released is never edited. */
export const MIGRATIONS = [CellsAndLanes];
