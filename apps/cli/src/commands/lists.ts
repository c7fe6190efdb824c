import { REASON_CODES, REASONS } from '@portico/contracts';
import { asUsage } from '../as-usage.js';
import type { Created, Invite, Person } from '../answers.js';
import { UsageError } from '../errors.js';
import { renderPeople, renderPerson } from '../output/people-table.js';
import { renderTable } from '../output/table.js';
import type { Session } from '../session.js';

export interface ListOptions {
  readonly limit: number;
  readonly all?: boolean;
}
export interface PeopleOptions extends ListOptions {
  readonly portal?: string;
  readonly reason?: string;
  readonly employee?: readonly string[];
}
export interface InvitesOptions extends ListOptions {
  readonly links?: boolean;
}
export interface CreatedOptions extends ListOptions {
  readonly since: string;
  readonly portal?: string;
}

type Query = Parameters<Session['api']['rows']>[1];

const list = async <Row>(
  session: Session,
  resource: string,
  query: Query,
  { limit, all }: ListOptions,
  render: (rows: readonly Row[]) => string,
): Promise<void> => {
  const path = await session.path(resource);
  const most = all ? Number.POSITIVE_INFINITY : limit;
  const { rows, isMore } = await session.api.rows<Row>(path, query, most).catch(asUsage());
  session.answer(rows, () => (rows.length === 0 ? 'none' : render(rows)));
  if (isMore) session.note(`there are more than these ${rows.length}: add --all, or a greater --limit`);
};

const nameOf = ({ employeeId, name }: { employeeId: string; name: string | null }): readonly string[] => [
  employeeId,
  name ?? '',
];

/** @throws UsageError with the codes that there are. */
const refuseUnknownReason = (reason: string | undefined): void => {
  if (reason === undefined || (REASON_CODES as readonly string[]).includes(reason)) return;
  const codes = Object.entries(REASONS).map(([code, sentence]) => `  ${code.padEnd(26)}${sentence}`);
  throw new UsageError(`--reason ${reason}: there is no such code; write one of\n${codes.join('\n')}`);
};

/** Employees × portals; one employee alone is shown at length. */
export const people = async (session: Session, options: PeopleOptions): Promise<void> => {
  const { portal, reason, employee } = options;
  refuseUnknownReason(reason);
  return list<Person>(session, 'people', { portal, reason, employee }, options, (rows) => {
    const [person] = rows;
    const isAlone = employee?.length === 1 && person !== undefined && rows.length === 1;
    return isAlone ? renderPerson(person, session.paint) : renderPeople(rows, session.paint);
  });
};

export const invites = (session: Session, options: InvitesOptions): Promise<void> =>
  list<Invite>(session, 'invites', {}, options, (rows) => {
    const link = options.links ? ['LINK'] : [];
    const cells = rows.map((row) => [
      ...nameOf(row),
      row.portal,
      row.sentAt,
      ...(options.links ? [row.acceptUrl ?? ''] : []),
    ]);
    return renderTable(['EMPLOYEE', 'NAME', 'PORTAL', 'SENT', ...link], cells, session.paint);
  });

const AGO = /^(\d+)\s*(m|h|d|w)$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the API takes: a moment, or a duration back from its own now. */
export const sinceOf = (text: string): string => {
  const [, amount, unit] = AGO.exec(text) ?? [];
  if (amount && unit)
    return unit === 'm' || unit === 'h' ? `PT${amount}${unit.toUpperCase()}` : `P${amount}${unit.toUpperCase()}`;
  if (DAY.test(text)) return `${text}T00:00:00Z`;
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text)) return text;
  throw new UsageError(
    `--since ${text}: write 30m, 2h, 3d or 1w ago, a day such as 2026-01-12, or a moment such as 2026-01-12T10:00:00Z`,
  );
};

export const created = (session: Session, options: CreatedOptions): Promise<void> =>
  list<Created>(session, 'created', { since: sinceOf(options.since), portal: options.portal }, options, (rows) =>
    renderTable(
      ['CREATED', 'EMPLOYEE', 'NAME', 'PORTAL', 'ACCOUNT'],
      rows.map((row) => [row.createdAt, ...nameOf(row), row.portal, row.accountId]),
      session.paint,
    ),
  );
