import type { HoldApproveAnswer, HoldView } from '@portico/contracts';
import { ApiError } from '../api-client.js';
import { askNumber } from '../ask-number.js';
import { asUsage } from '../as-usage.js';
import { Failure, UsageError } from '../errors.js';
import { askHolds, everybodyHeld, findHold, holdPath } from '../find-hold.js';
import { describeTaking, renderHeld, renderHolds } from '../output/hold-text.js';
import { countOfPeople } from '../output/what-if-text.js';
import type { Session } from '../session.js';
import { plain } from '../terminal.js';

export interface ApproveOptions {
  readonly digest?: string;
  readonly yes?: boolean;
}

/** What the gate keeps back; of one hold everybody, and what would be done to each. */
export const holds = async (session: Session, portal: string | undefined, cause = ''): Promise<void> => {
  if (portal !== undefined) return showHold(session, await findHold(session, portal, cause));
  const all = await askHolds(session);
  session.answer(all, () => (all.length === 0 ? 'nothing is held back' : renderHolds(all, session.paint)));
};

const showHold = async (session: Session, hold: HoldView): Promise<void> => {
  const held = await everybodyHeld(session, hold);
  session.answer({ ...hold, ...held }, () => renderHeld(hold, held, session.paint));
};

/** Shows what would be taken, and has it confirmed. Answers the digest of just that. */
const confirmHold = async (session: Session, hold: HoldView, yes: boolean): Promise<string> => {
  const { portal } = hold;
  const held = await everybodyHeld(session, hold);
  const { rows, digest } = held;
  session.note(describeTaking(hold, held));
  if (yes) return digest;
  await askNumber(session, {
    question: `Take access from ${countOfPeople(rows.length)} in ${portal}? Type the number to approve:`,
    count: rows.length,
    otherwise: `--digest ${digest}, or --yes for whatever is held then`,
  });
  return digest;
};

/** Nobody looks before a yes: what was meant must be what is there. */
const refuseAbbreviated = ({ cause: { id } }: HoldView, written: string): void => {
  if (id !== written) throw new UsageError(`with --yes write the whole cause: ${plain(id)}`);
};

/** Lets access be taken from exactly those whom the digest covers. */
export const approve = async (
  session: Session,
  portal: string,
  cause: string,
  options: ApproveOptions,
): Promise<void> => {
  const { yes = false } = options;
  const hold = await findHold(session, portal, cause);
  if (options.digest === undefined && yes) refuseAbbreviated(hold, cause);
  const digest = options.digest ?? (await confirmHold(session, hold, yes));
  const path = await holdPath(session, hold, 'approval');
  const done = await session.api
    .post<HoldApproveAnswer>(path, { digest })
    .catch(asUsage((name) => (name === 'digest' ? '--digest: ' : undefined)))
    .catch(adviseToLookAgain(hold));
  session.answer(done, () =>
    plain(
      `approved: access is taken from ${countOfPeople(done.people)} in ${done.portal} (${done.approvedBy}, ${done.approvedAt})`,
    ),
  );
};

const adviseToLookAgain =
  ({ portal, cause }: HoldView) =>
  (error: unknown): never => {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    const look = plain(`portico holds ${portal} ${cause.id}`);
    throw new Failure(`${error.message}: ${look}`);
  };
