import { describeReason, type WhatIfPerson, type WhatIfPortal, type WhatIfResult } from '@portico/contracts';
import type { Named } from '../answers.js';
import type { Paint } from '../terminal.js';
import { renderTable } from './table.js';

const COLUMNS: readonly (readonly [string, (portal: WhatIfPortal) => number])[] = [
  ['NOW', ({ before }) => before],
  ['THEN', ({ after }) => after],
  ['JOIN', ({ granted }) => granted],
  ['LEAVE', ({ withheld }) => withheld],
  ['CHANGE', ({ changed }) => changed],
  ['STOPPED', ({ stopped }) => stopped],
  ['WRITES', ({ writes }) => writes.create + writes.invite + writes.update + writes.disable],
];

const isTouched = ({ granted, withheld, changed, stopped }: WhatIfPortal): boolean =>
  granted + withheld + changed + stopped > 0;

export const countOfPeople = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

/** Who joins, leaves and changes, portal by portal. */
export const renderEffect = ({ people: all, touched, portals, writes, today }: WhatIfResult, paint: Paint): string => {
  if (all === 0) return 'effect: nobody is known yet; BambooHR is read once the realm is applied';
  const head = `effect on ${today}, of ${countOfPeople(all)}:`;
  if (touched === 0) return `${head} nobody's access or account differs`;
  const table = renderTable(
    ['PORTAL', ...COLUMNS.map(([title]) => title)],
    portals.map((portal) => [portal.portal, ...COLUMNS.map(([, count]) => String(count(portal)))]),
    paint,
    (text) => (text === '0' ? paint('dim', text) : text),
  );
  const held = portals.flatMap(describeHeld);
  return [`${head} ${touched} touched, at most ${writes} writes to LearnUpon`, table, ...held].join('\n');
};

const describeHeld = ({ portal, held }: WhatIfPortal): string[] =>
  held === undefined
    ? []
    : [`${portal}: the gate keeps back that ${held.people} of ${held.of} leave, until somebody approves it`];

const VERBS: Readonly<Record<string, string>> = {
  granted: 'join',
  withheld: 'leave',
  changed: 'change',
  stopped: 'are let go of, with their accounts as they are',
};

const describeCause = (cause: string): string => {
  const [effect = '', reason = ''] = cause.split('/');
  return reason === 'portal-removed'
    ? (VERBS[effect] ?? effect)
    : `${VERBS[effect] ?? effect}: ${describeReason(reason)} (${reason})`;
};

/** What decides, portal by portal. */
export const renderCauses = ({ portals }: WhatIfResult, paint: Paint): string =>
  portals
    .filter(isTouched)
    .map(({ portal, causes }) => {
      const lines = Object.entries(causes)
        .toSorted(([, one], [, other]) => other - one)
        .map(([cause, count]) => `  ${count} ${describeCause(cause)}`);
      return [paint('bold', portal), ...lines].join('\n');
    })
    .join('\n');

export const renderWhatIfPeople = (rows: readonly (WhatIfPerson & Named)[], paint: Paint): string =>
  renderTable(
    ['EMPLOYEE', 'NAME', 'PORTAL', 'EFFECT', 'WAS', 'BECOMES'],
    rows.flatMap(({ employeeId, name, cells }) =>
      cells.map(({ portal, effect, before, after }) => [
        employeeId,
        name ?? '',
        portal,
        VERBS[effect] === undefined || effect === 'stopped' ? effect : `${VERBS[effect]}s`,
        before === null ? '–' : `${before.access} (${before.reason})`,
        after === null ? '–' : `${after.access} (${after.reason})`,
      ]),
    ),
    paint,
  );
