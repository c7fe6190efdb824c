import type { EndAccessAnswer } from '@portico/contracts';
import { ApiError } from '../api-client.js';
import { askNumber } from '../ask-number.js';
import { Failure, UsageError } from '../errors.js';
import { renderTable } from '../output/table.js';
import type { Session } from '../session.js';

export interface EndAccessOptions {
  readonly all?: boolean;
  readonly confirm?: number;
}

const describe = ({ portals, cells, people, disables }: EndAccessAnswer, session: Session): string =>
  [
    `this ends the access of ${people} people: ${cells} cells, ${disables} accounts to be disabled`,
    'whoever would get it later does not either, until a realm file drops `ended: true`',
    renderTable(
      ['PORTAL', 'PEOPLE'],
      Object.entries(portals).map(([portal, count]) => [portal, String(count)]),
      session.paintNote,
    ),
  ].join('\n');

const numberTyped = async (session: Session, cells: number): Promise<number> => {
  const question = 'Type the number of cells to end their access:';
  await askNumber(session, { question, count: cells, otherwise: `--confirm ${cells}` });
  return cells;
};

/** Ends the access of everybody in a portal, or in all. Says how many first, and wants that number back. */
export const endAccess = async (
  session: Session,
  portal: string | undefined,
  options: EndAccessOptions,
): Promise<void> => {
  if ((portal === undefined) === (options.all !== true)) {
    throw new UsageError('say which portal, or --all for every portal of the tenant');
  }
  const path = await session.path('access/end');
  const counted = await session.api.post<EndAccessAnswer>(path, { portal });
  session.note(describe(counted, session));
  const confirm = options.confirm ?? (await numberTyped(session, counted.cells));
  const done = await session.api.post<EndAccessAnswer>(path, { portal, confirm }).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 409) throw new Failure(`${error.message} Nothing was done.`);
    throw error;
  });
  session.answer(done, () =>
    done.done
      ? `access is ended for ${done.cells} cells: version ${done.version}`
      : `access was ended there before (version ${done.version})`,
  );
};
