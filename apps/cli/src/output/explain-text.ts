import type { DecisionFlip, ExplainedCell, ReadValue } from '@portico/contracts';
import type { Explanation } from '../commands/explain.js';
import { plain, type Paint } from '../terminal.js';
import { describeCell } from './people-table.js';

type Cell = Explanation['cells'][number];

/** Nobody asks for the parts of a second. */
const toSecond = (moment: string): string => moment.replace(/\.\d+Z$/, 'Z');

const shownValue = (value: string | null | undefined): string => {
  if (value === undefined) return 'never known';
  return value === null || value === '' ? 'empty' : JSON.stringify(value);
};

const describeValue = ({ field, value, isConfirmed, since, cause }: ReadValue): string => {
  const doubt = isConfirmed || value === undefined ? '' : ', which the latest read did not confirm';
  const origin = since === undefined ? '' : `, since ${toSecond(since)}${cause ? ` (${cause.kind} ${cause.id})` : ''}`;
  return `${field}: ${shownValue(value)}${doubt}${origin}`;
};

const describeFlip = ({ field, from, to, isAnyOther, becomes, reason }: DecisionFlip): string => {
  const target = isAnyOther ? `any other, such as ${shownValue(to)}` : shownValue(to);
  return `${field}: ${shownValue(from)} → ${target} would make it ${becomes} (${reason})`;
};

const clauseLines = ({ clause }: ExplainedCell): (readonly [string, string])[] => {
  if (clause === undefined) return [['clause', 'the version that decided can’t be read any more']];
  const { path, text, expression, character, holds } = clause;
  const rule = ['clause', `${path}: ${text}`] as const;
  if (expression === undefined) return [rule];
  const place = expression === text ? '' : ` (at character ${character})`;
  return [rule, ['because', `${expression === text ? 'it' : expression}${place} is ${holds}`]];
};

const describeHold = ({ kind, id, people, of }: NonNullable<Cell['hold']>): string =>
  `keeps back what ${kind} ${id} takes from ${people} of ${of}, until somebody approves it: see portico holds`;

/** What was decided says nothing of approvals: whether it is still kept back, the cell itself shows. */
const gateLines = ({ hold, shown }: Cell): (readonly [string, string])[] =>
  hold === undefined || (shown !== undefined && shown.reason !== 'held') ? [] : [['gate', describeHold(hold)]];

const linesOf = (cell: Cell): (readonly [string, string])[] => [
  ...clauseLines(cell),
  ...cell.values.map((value) => ['read', describeValue(value)] as const),
  ...(cell.keptSince === undefined ? [] : [['kept', `as it was since ${toSecond(cell.keptSince)}`] as const]),
  ...gateLines(cell),
  ['flips', cell.flip === null ? 'no single field would change it' : describeFlip(cell.flip)],
  ...(cell.shown === undefined ? [] : [['shows', describeCell(cell.shown)] as const]),
];

const colourOf = { granted: 'green', withheld: 'yellow', undecided: 'red' } as const;

const renderCell = (cell: Cell, paint: Paint): string => {
  const { portal, access, reason, sentence } = cell;
  const head = `${paint('bold', portal)}  ${paint(colourOf[access], access)}: ${sentence} (${reason})`;
  const lines = linesOf(cell).map(([label, text]) => `  ${paint('dim', label.padEnd(8))}${plain(text)}`);
  return [head, ...lines].join('\n');
};

/** With how many it concerned in all, since one among hundreds is another matter than one alone. */
const describeCause = ({ kind, id, totals: { joiners, movers, leavers } }: Explanation['cause']): string =>
  `${kind} ${plain(id)} (${joiners} joined, ${movers} moved, ${leavers} left)`;

const TENSES = { past: 'as it was at', present: 'now,', foreseen: 'as foreseen for' } as const;

/** A person's cells, each with what decided, what it read, and what would flip it. */
export const renderExplanation = (answer: Explanation, paint: Paint): string => {
  const { employeeId, name, tense, at, today, policy, employee, cause, decidedAt, isBehind, cells } = answer;
  const read = employee.cause === undefined ? '' : ` by ${employee.cause.kind} ${employee.cause.id}`;
  return [
    paint('bold', plain(`${name ?? ''} (employee ${employeeId})`.trim())),
    `${TENSES[tense]} ${toSecond(at)}, the company’s ${today}`,
    `policy version ${policy.version}, applied ${toSecond(policy.appliedAt)} by ${plain(policy.appliedBy)}`,
    `record ${employee.revision}, of ${toSecond(employee.recordedAt)}${plain(read)}`,
    ...(tense === 'foreseen' ? [] : [`decided ${toSecond(decidedAt)} because of ${describeCause(cause)}`]),
    ...(isBehind ? [paint('yellow', 'something newer was known then, and not decided yet')] : []),
    '',
    cells.map((cell) => renderCell(cell, paint)).join('\n\n'),
  ].join('\n');
};
