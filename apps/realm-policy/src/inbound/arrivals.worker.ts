import { WorkerLoop } from '@portico/service-kit';
import type { DecideGathered } from '../decide-gathered.js';
import type { RedecisionsOptions } from './redecisions.worker.js';

/** Decides on those who waited for the rest of their read; beside the other jobs, so that it waits for none of them. */
export class ArrivalsWorker extends WorkerLoop {
  constructor(gathered: DecideGathered, { pools, pollMs, logger }: RedecisionsOptions) {
    super({
      work: () => gathered.runChunk(pools),
      restMs: pollMs,
      onError: (error) => logger.error({ err: error }, 'could not decide those who arrived; trying again'),
    });
  }
}
