import type { PortalStatus, SourceReadSummary } from '@portico/contracts';
import type { Status } from '../answers.js';
import { plain, type Paint } from '../terminal.js';
import { renderTable } from './table.js';

const hasChanges = ({ totals }: SourceReadSummary): boolean =>
  totals !== undefined && totals.joiners + totals.movers + totals.leavers > 0;

/** The latest read, and beneath it the last that changed something where that is another. */
const describeReads = (status: Status): string[] => {
  const reads = status.source?.reads ?? [];
  const [latest] = reads;
  const changing = reads.find(hasChanges);
  const last = changing === undefined || changing === latest ? [] : [`last change: ${describeRead(changing)}`];
  return [describeRead(latest), ...last];
};

const describeRead = (read: SourceReadSummary | undefined): string => {
  if (!read) return 'not read yet';
  const { kind, state, rows, totals, finishedAt, startedAt } = read;
  const changes = totals ? `, ${totals.joiners} joined, ${totals.movers} changed, ${totals.leavers} left` : '';
  const people = rows === undefined ? '' : `, ${rows} people`;
  const when = finishedAt ?? startedAt;
  return `${kind === 'full' ? 'full read' : 'read of changes'} ${state}${people}${changes}${when ? `, ${when}` : ''}`;
};

const skippedOf = ({ skipped }: PortalStatus): string => {
  const entries = Object.entries(skipped).filter(([, count]) => count > 0);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  return total === 0 ? '0' : `${total}: ${entries.map(([reason, count]) => `${count} ${reason}`).join(', ')}`;
};

/** Where the portal is only observed, what would be done. */
const toDoOf = ({ outstanding, inDoubt, planned }: PortalStatus): string => {
  if (planned === undefined) return `${outstanding}${inDoubt > 0 ? ` (${inDoubt} in doubt)` : ''}`;
  const entries = Object.entries(planned).map(([operation, count]) => `${count} ${operation}`);
  return entries.length === 0 ? 'observed: nothing' : `observed: ${entries.join(', ')}`;
};

const COLUMNS: readonly (readonly [string, (portal: PortalStatus) => string])[] = [
  ['PORTAL', ({ portal }) => portal],
  ['WANTED', ({ wanted }) => String(wanted)],
  ['ACTIVE', ({ active }) => String(active)],
  ['CREATED', ({ effects }) => String(effects['created'] ?? 0)],
  ['INVITED', ({ effects }) => String(effects['invited'] ?? 0)],
  ['PENDING', ({ pendingInvites }) => String(pendingInvites)],
  ['UPDATED', ({ effects }) => String(effects['updated'] ?? 0)],
  ['DISABLED', ({ effects }) => String(effects['disabled'] ?? 0)],
  ['TO DO', toDoOf],
  ['SKIPPED', skippedOf],
  [
    'CALLS',
    ({ calls }) => `${calls.reads} r, ${calls.writes} w${calls.throttled > 0 ? `, ${calls.throttled} throttled` : ''}`,
  ],
];

export const renderPortals = (portals: readonly PortalStatus[], paint: Paint): string =>
  renderTable(
    COLUMNS.map(([title]) => title),
    portals.map((portal) => COLUMNS.map(([, cell]) => cell(portal))),
    paint,
  );

export const renderStatus = (status: Status, paint: Paint): string => {
  const phase = status.settled ? paint('green', 'settled') : paint('yellow', status.phase);
  const waits = status.waitingFor.length === 0 ? '' : `, waiting for ${status.waitingFor.join(', ')}`;
  const { policy, provisioning } = status;
  return [
    `${paint('bold', status.tenant)}  ${phase}${plain(waits)}`,
    ...(status.source ? describeReads(status) : ['unknown']).map(
      (line, index) => `${index === 0 ? 'BambooHR' : ''}`.padEnd(10) + plain(line),
    ),
    `policy    ${policy ? `version ${policy.policyVersion}, ${policy.employees} employees, ${policy.decisions} decided` : 'unknown'}`,
    ...(provisioning ? ['', renderPortals(provisioning.portals, paint)] : []),
    ...(provisioning?.undeclaredPortals ?? []).map(({ subdomain, title }) =>
      plain(`not in the realm: ${subdomain} (${title})`),
    ),
    ...status.attention.map((sentence) => paint('red', `! ${plain(sentence)}`)),
  ].join('\n');
};

const portalProgress = ({ portal, wanted, active, pendingInvites, outstanding }: PortalStatus): string =>
  `${portal} ${active + pendingInvites}/${wanted}${outstanding > 0 ? ` (${outstanding} to do)` : ''}`;

/** One line that says how far it is. */
export const progressLine = (status: Status): string => {
  const read = status.source?.reads[0];
  const people = read?.state === 'running' && read.rows ? ` ${read.rows} people` : '';
  const portals = (status.provisioning?.portals ?? []).map(portalProgress);
  const waits = portals.length === 0 || status.phase === 'unavailable' ? status.waitingFor : [];
  return plain([`${status.phase}${people}`, ...portals, ...waits].join(' · '));
};
