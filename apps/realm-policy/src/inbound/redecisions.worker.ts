import { WorkerLoop, type Logger } from '@portico/service-kit';
import type { RedecidePeople } from '../redecide-people.js';

export interface RedecisionsOptions {
  readonly pools: readonly string[];
  /** How often it looks for work and for people whose day has come. */
  readonly pollMs: number;
  readonly logger: Pick<Logger, 'error'>;
}

/** Works through what is to be decided again, and asks for those whose day has come. */
export class RedecisionsWorker extends WorkerLoop {
  constructor(people: RedecidePeople, { pools, pollMs, logger }: RedecisionsOptions) {
    let dueLookAt = 0;
    /** Not at each nudge: every batch of decisions nudges. */
    const lookForDue = async () => {
      if (performance.now() < dueLookAt) return;
      await people.requestDue(pools);
      dueLookAt = performance.now() + pollMs;
    };
    super({
      work: async () => {
        await lookForDue();
        return people.runChunk(pools);
      },
      restMs: pollMs,
      onError: (error) => logger.error({ err: error }, 'could not decide people again; trying again'),
    });
  }
}
