import type { HoldsAnswer, HoldView } from '@portico/contracts';
import type { Held, HeldPage } from './answers.js';
import { LARGEST_PAGE } from './api-client.js';
import { Failure, UsageError } from './errors.js';
import type { Session } from './session.js';
import { plain } from './terminal.js';

export const askHolds = async (session: Session): Promise<readonly HoldView[]> => {
  const { holds } = await session.api.get<HoldsAnswer>(await session.path('holds'));
  return holds;
};

const describe = ({ portal, cause, people }: HoldView): string => plain(`  ${portal}  ${cause.id}  (${people} held)`);
const listed = (holds: readonly HoldView[]): string => holds.map(describe).join('\n');

const refusal = (holds: readonly HoldView[], begun: readonly HoldView[], portal: string, cause: string): string => {
  const written = cause === '' ? '' : ` by "${cause}"`;
  if (begun.length > 0) return `several are held back in ${portal}${written}: write more of one of\n${listed(begun)}`;
  if (holds.length === 0) return 'nothing is held back';
  return `nothing is held back in ${portal}${written}: take one of\n${listed(holds)}`;
};

/**
 * The hold of a cause in a portal. The beginning of the cause's id is enough where it is that of one hold alone.
 * @throws UsageError with the holds that there are.
 */
export const findHold = async (session: Session, portal: string, cause: string): Promise<HoldView> => {
  const holds = await askHolds(session);
  const begun = holds.filter((hold) => hold.portal === portal && hold.cause.id.startsWith(cause));
  const exact = begun.filter((hold) => hold.cause.id === cause);
  const [found, other] = exact.length > 0 ? exact : begun;
  if (found === undefined || other !== undefined) throw new UsageError(refusal(holds, begun, portal, cause));
  return found;
};

export const holdPath = (session: Session, { portal, cause }: HoldView, resource: string): Promise<string> =>
  session.path(`holds/${encodeURIComponent(portal)}/${encodeURIComponent(cause.id)}/${resource}`);

/** Everybody of one hold, and the digest that covers just them. */
export interface HeldPeople {
  readonly rows: readonly Held[];
  readonly digest: string;
}

/**
 * Everybody whom the hold keeps now.
 * @throws Failure where the set changed while it was read.
 */
export const everybodyHeld = async (session: Session, hold: HoldView): Promise<HeldPeople> => {
  const digests = new Set<string>();
  const path = await holdPath(session, hold, 'people');
  const { rows } = await session.api.rows<Held, HeldPage>(path, {}, Number.POSITIVE_INFINITY, {
    pageSize: LARGEST_PAGE,
    look: ({ digest }) => digests.add(digest),
  });
  const [digest, other] = digests;
  if (digest === undefined || other !== undefined)
    throw new Failure('who is held has changed meanwhile: run this again');
  return { rows, digest };
};
