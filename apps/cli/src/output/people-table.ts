import { describeReason, type CellView } from '@portico/contracts';
import type { Person } from '../answers.js';
import { plain, type Paint } from '../terminal.js';
import { renderTable } from './table.js';

/** Reasons that say no more than the state beside them. */
const OBVIOUS = new Set(['converged', 'in-audience', 'not-in-audience', 'absent', 'waiting-for-accept', 'disabled']);

/** `active`, `none → create`, `none: refused-exists`; `–` where there is nothing and nothing is wanted. */
export const describeCell = ({ wanted, actual, pending, reason }: CellView): string => {
  const why = OBVIOUS.has(reason) ? '' : `: ${reason}`;
  if (wanted !== 'granted' && actual === 'none' && pending === undefined) return why === '' ? '–' : `–${why}`;
  const next = pending === undefined ? '' : ` → ${pending}`;
  const kept = wanted === 'withheld' && actual === 'active' && next === '' ? ' (not wanted)' : '';
  return `${actual}${kept}${next}${why}`;
};

const colourOf = (paint: Paint) => (text: string) => {
  if (text === '–') return paint('dim', text);
  if (text === 'active') return paint('green', text);
  if (text.includes('refused') || text.includes('doubt') || text.includes('unauthorised')) return paint('red', text);
  return /^(invited|none|disabled|unknown|active .*)/.test(text) ? paint('yellow', text) : text;
};

const portalsOf = (people: readonly Person[]): string[] => [
  ...new Set(people.flatMap(({ cells }) => cells.map(({ portal }) => portal))),
];

/** Employees × portals. */
export const renderPeople = (people: readonly Person[], paint: Paint): string => {
  const portals = portalsOf(people);
  const rows = people.map(({ employeeId, name, cells }) => [
    employeeId,
    name ?? '',
    ...portals.map((portal) => {
      const cell = cells.find((each) => each.portal === portal);
      return cell ? describeCell(cell) : '';
    }),
  ]);
  return renderTable(
    ['EMPLOYEE', 'NAME', ...portals.map((portal) => portal.toUpperCase())],
    rows,
    paint,
    colourOf(paint),
  );
};

/** One person, a line for each portal, with the reasons in words. */
export const renderPerson = ({ employeeId, name, cells }: Person, paint: Paint): string => {
  const rows = cells.map(({ portal, wanted, actual, pending, reason, since, accountId, inviteId }) => [
    portal,
    wanted,
    actual,
    pending ?? '',
    `${describeReason(reason)} (${reason})`,
    since,
    accountId ?? inviteId ?? '',
  ]);
  const head = ['PORTAL', 'WANTED', 'ACTUAL', 'PENDING', 'WHY', 'SINCE', 'ACCOUNT OR INVITE'];
  const details = cells.flatMap(({ portal, detail }) => (detail === undefined ? [] : [plain(`${portal}: ${detail}`)]));
  const title = paint('bold', plain(`${name ?? ''} (employee ${employeeId})`.trim()));
  return [title, renderTable(head, rows, paint, colourOf(paint)), ...details].join('\n');
};
