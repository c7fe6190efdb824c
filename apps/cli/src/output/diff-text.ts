import { stringify } from 'yaml';
import type { RealmChange } from '@portico/contracts';
import { plain, type Paint, type Style } from '../terminal.js';

const LOOK: Readonly<Record<RealmChange['kind'], readonly [string, Style]>> = {
  added: ['+', 'green'],
  changed: ['~', 'yellow'],
  removed: ['-', 'red'],
};

const inline = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A portal that comes or goes is shown whole, as it is written. */
const block = (value: unknown): string =>
  `\n${stringify(value)
    .trimEnd()
    .split('\n')
    .map((line) => `      ${plain(line)}`)
    .join('\n')}`;

const shown = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? block(value) : ` ${plain(inline(value))}`;

const describe = ({ kind, path, from, to }: RealmChange): string => {
  if (kind === 'added') return `${plain(path)}:${shown(to)}`;
  if (kind === 'removed') return `${plain(path)}:${shown(from)}`;
  return `${plain(path)}: ${plain(inline(from))} → ${plain(inline(to))}`;
};

export const renderChanges = (changes: readonly RealmChange[], paint: Paint): string =>
  changes
    .map((change) => {
      const [sign, style] = LOOK[change.kind];
      return paint(style, `  ${sign} ${describe(change)}`);
    })
    .join('\n');
