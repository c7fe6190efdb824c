import { WorkerLoop, type Logger } from '@portico/service-kit';
import { errorForLog } from '../lane/error-for-log.js';

const LOOK_MS = 250;
const FAILED_MS = 1_000;

export interface LaneWorkerOptions {
  /** How many lanes are served at once. */
  readonly lanes: number;
  /** One turn of one lane; answers whether a lane was due. */
  readonly takeTurn: (signal: AbortSignal) => Promise<boolean>;
  readonly logger: Logger;
}

/** Serves lanes, several at once; any number of workers may share them. */
export class LaneWorker extends WorkerLoop {
  constructor({ lanes, takeTurn, logger }: LaneWorkerOptions) {
    super({
      work: takeTurn,
      parallel: lanes,
      restMs: LOOK_MS,
      failedMs: FAILED_MS,
      onError: (error) =>
        logger.error({ err: errorForLog(error) }, 'lanes could not be looked at; they are looked at again'),
    });
  }
}
