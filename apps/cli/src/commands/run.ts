import type { SourceReadSummary, SourceRunAnswer } from '@portico/contracts';
import type { Status } from '../answers.js';
import { Failure } from '../errors.js';
import { followStatus } from '../follow-status.js';
import { progressOn } from '../output/progress.js';
import { progressLine, renderStatus } from '../output/status-text.js';
import type { Session } from '../session.js';
import { plain } from '../terminal.js';

export interface RunOptions {
  readonly full?: boolean;
  readonly wait?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

const readOf = ({ source }: Status, runId: string): SourceReadSummary | undefined =>
  source?.reads.find(({ id }) => id === runId);

const refuseBadRead = (read: SourceReadSummary | undefined): void => {
  if (read?.state !== 'refused' && read?.state !== 'failed') return;
  throw new Failure(
    `the read of BambooHR ${read.state === 'failed' ? 'failed' : 'was refused'}: ${plain(read.reason ?? 'see the log of bamboohr-ingestion')}`,
  );
};

/** They are not waited for, since that would be for ever; and they are not done. */
const refuseKeptOut = ({ keptOut }: Status): void => {
  if (keptOut.length === 0) return;
  throw new Failure(
    `not done in ${keptOut.map(plain).join(', ')}: see to what is marked with ! above (portico status), then run again`,
  );
};

const isOver = (status: Status, runId: string): boolean =>
  status.settled && readOf(status, runId)?.finishedAt !== undefined;

/** Progress is no part of the answer; where that is JSON it goes to stderr. */
const waitFor = async (session: Session, runId: string, timeoutSeconds: number): Promise<Status> => {
  const { stdout, stderr } = session.terminal;
  const progress = progressOn(session.isJson ? stderr : stdout);
  const signal = AbortSignal.timeout(timeoutSeconds * 1_000);
  try {
    for await (const status of followStatus(session, await session.path('status'), signal)) {
      progress.update(progressLine(status));
      refuseBadRead(readOf(status, runId));
      if (isOver(status, runId)) return status;
    }
  } finally {
    progress.end();
  }
  throw new Failure(`not done after ${timeoutSeconds} s; it goes on: see portico status`);
};

/**
 * Asks for a read of BambooHR, and with `wait` sees it through to every portal.
 * @throws Failure also when portals were kept out, after the answer
 */
export const run = async (session: Session, { full, wait, timeout }: RunOptions): Promise<void> => {
  const kind = full ? 'full' : 'changed';
  const answer = await session.api.post<SourceRunAnswer>(await session.path('runs'), { kind });
  if (!wait) {
    session.answer(answer, () => `asked for a ${full ? 'full read' : 'read of changes'}: ${answer.runId}`);
    return;
  }
  const status = await waitFor(session, answer.runId, timeout);
  session.answer({ ...answer, status }, () => renderStatus(status, session.paint));
  refuseKeptOut(status);
};
