import type { HeldView, HoldView } from '@portico/contracts';
import type { HeldPeople } from '../find-hold.js';
import { plain, type Paint } from '../terminal.js';
import { renderTable } from './table.js';
import { countOfPeople } from './what-if-text.js';

const wordsOf = (takes: HeldView['takes']): string => (takes === 'cancel-invite' ? 'cancel invite' : takes);

const actionOf = ({ takes, expiresOn }: HeldView): string =>
  expiresOn === undefined ? wordsOf(takes) : `${wordsOf(takes)} on ${expiresOn}`;

const judgedOf = ({ judged: { people, of } }: HoldView): string => `${people} of ${of}`;

/** What the gate keeps back, and what to do next. */
export const renderHolds = (holds: readonly HoldView[], paint: Paint): string => {
  const table = renderTable(
    ['PORTAL', 'CAUSE', 'HELD', 'JUDGED', 'SINCE'],
    holds.map((hold) => [hold.portal, hold.cause.id, String(hold.people), judgedOf(hold), hold.openedAt]),
    paint,
  );
  const [oldest] = holds;
  const named = oldest === undefined ? '' : plain(`${oldest.portal} ${oldest.cause.id}`);
  return `${table}\nsee who it is: portico holds ${named}\nlet it happen: portico approve ${named}`;
};

/** Everybody of one hold, and with what to approve exactly them. */
export const renderHeld = (hold: HoldView, { rows, digest }: HeldPeople, paint: Paint): string => {
  const { portal, cause, openedAt } = hold;
  const table = renderTable(
    ['EMPLOYEE', 'NAME', 'WOULD', 'ACCOUNT OR INVITE', 'SINCE'],
    rows.map((row) => [row.employeeId, row.name ?? '', actionOf(row), row.accountId ?? row.inviteId ?? '', row.since]),
    paint,
  );
  return [
    paint('bold', plain(`${portal}  ${cause.id}`)),
    plain(`${rows.length} held, judged ${judgedOf(hold)}, since ${openedAt}`),
    table,
    plain(`approve exactly this: portico approve ${portal} ${cause.id} --digest ${digest}`),
  ].join('\n');
};

/** How many people, and what would be done in sums. */
export const describeTaking = ({ portal, cause, ...hold }: HoldView, { rows, digest }: HeldPeople): string => {
  const sums = Object.entries(Object.groupBy(rows, ({ takes }) => wordsOf(takes)));
  const sum = sums.map(([words, some = []]) => `${words} ${some.length}`).join(', ');
  return [
    `${cause.id} takes access from ${countOfPeople(rows.length)} in ${portal}: ${sum}`,
    `the gate judged ${hold.judged.people} of ${hold.judged.of}, and keeps it back since ${hold.openedAt}`,
    digest,
  ]
    .map(plain)
    .join('\n');
};
