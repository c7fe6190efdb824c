import Table from 'cli-table3';
import { plain, type Paint } from '../terminal.js';

const NO_BORDERS = Object.fromEntries(
  [
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ]
    .flat()
    .map((name) => [name, '']),
);

/** Columns of text, without lines, as wide as they need. Cells are made plain; `paintCell` colours them afterwards. */
export const renderTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
  paintCell: (text: string) => string = (text) => text,
): string => {
  const table = new Table({
    head: head.map((title) => paint('bold', title)),
    chars: { ...NO_BORDERS, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) table.push(row.map((cell) => paintCell(plain(cell))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};
