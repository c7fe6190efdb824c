import { describeReason } from '@portico/contracts';
import { plain, type Paint, type Style } from '../terminal.js';

/** The data of a server-sent event of the admin API. */
export interface LiveEvent {
  readonly kind: 'learner' | 'operation';
  readonly type: string;
  readonly time: string;
  readonly data: {
    readonly event?: string;
    readonly employeeId?: string;
    readonly portal?: string;
    readonly accountId?: string;
    readonly inviteId?: string;
    readonly reason?: string;
    readonly message?: string;
  };
}

const STYLES: Readonly<Record<string, Style>> = {
  created: 'green',
  accepted: 'green',
  invited: 'cyan',
  disabled: 'yellow',
  'invite-cancelled': 'yellow',
  refused: 'red',
};

const timeOf = (time: string): string => time.slice(11, 19);

const learnerLine = ({ data }: LiveEvent, names: ReadonlyMap<string, string>, paint: Paint): string => {
  const { event = 'other', employeeId = '?', portal = '?', accountId, inviteId, reason } = data;
  const name = names.get(employeeId);
  const who = name === undefined ? `employee ${employeeId}` : `${name} (${employeeId})`;
  const what = accountId ? `account ${accountId}` : inviteId ? `invite ${inviteId}` : '';
  const why = event === 'refused' && reason ? `: ${describeReason(reason)}` : '';
  const padded = paint(STYLES[event] ?? 'dim', plain(event).padEnd(12));
  return `${padded} ${plain(portal)}  ${plain(who)}${what === '' ? '' : `  ${plain(what)}`}${why}`;
};

/** One line for a person. */
export const describeEvent = (event: LiveEvent, names: ReadonlyMap<string, string>, paint: Paint): string => {
  const { event: name = 'other', portal, message = '' } = event.data;
  const at = paint('dim', plain(timeOf(event.time)));
  if (event.kind === 'learner') return `${at}  ${learnerLine(event, names, paint)}`;
  return `${at}  ${plain([name, portal ?? '', message].filter((part) => part !== '').join('  '))}`;
};
