import { WorkerLoop, type Logger } from '@portico/service-kit';
import { errorForLog } from '../lane/error-for-log.js';
import type { TurnTaken } from '../lane/take-turn.js';

const LOOK_MS = 250;
/** A look that comes at the very moment may be too early by the database's clock. */
const LATE_MS = 5;
const FAILED_MS = 1_000;

export interface LaneWorkerOptions {
  /** How many lanes are served at once. */
  readonly lanes: number;
  /** One turn of one lane; answers when it is due again, and nothing where no lane was due. */
  readonly takeTurn: (signal: AbortSignal) => Promise<TurnTaken | undefined>;
  readonly logger: Logger;
}

/** Until the next lane is due again that was served here, but no longer than until others' lanes are looked for. */
export const restUntilDue = (longestMs: number, now = () => performance.now()) => {
  let moments: readonly number[] = [];
  /** One that is over has been looked for: whoever rests has just seen that nothing is due. */
  const coming = () => (moments = moments.filter((moment) => moment > now()));
  return {
    note: (dueInMs: number): void => {
      if (dueInMs < longestMs) moments = [...coming(), now() + dueInMs + LATE_MS];
    },
    restMs: (): number => Math.min(longestMs, ...coming().map((moment) => moment - now())),
  };
};

/** Serves lanes, several at once; any number of workers may share them. */
export class LaneWorker extends WorkerLoop {
  constructor({ lanes, takeTurn, logger }: LaneWorkerOptions) {
    const { note, restMs } = restUntilDue(LOOK_MS);
    super({
      work: async (signal) => {
        const turn = await takeTurn(signal);
        if (turn !== undefined) note(turn.dueInMs);
        return turn !== undefined;
      },
      parallel: lanes,
      restMs,
      failedMs: FAILED_MS,
      onError: (error) =>
        logger.error({ err: errorForLog(error) }, 'lanes could not be looked at; they are looked at again'),
    });
  }
}
