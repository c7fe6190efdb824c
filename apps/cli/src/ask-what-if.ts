import { setTimeout as delay } from 'node:timers/promises';
import type { WhatIfAnswer, WhatIfResult, WhatIfStarted } from '@portico/contracts';
import { asUsage } from './as-usage.js';
import { Failure } from './errors.js';
import { progressOn } from './output/progress.js';
import { placing, type RealmInput } from './realm-input.js';
import { tenantPath, type Session } from './session.js';

const FIRST_POLL_MS = 20;
const LAST_POLL_MS = 500;

export interface AskedWhatIf {
  readonly id: string;
  readonly path: string;
  readonly result: WhatIfResult;
}

export interface WhatIfOptions {
  readonly at?: string | undefined;
  readonly expectedVersion?: number | undefined;
}

/** Has everybody decided by a draft; an interrupt stops the work. Progress goes to stderr, where people look on. */
export const askWhatIf = async (
  session: Session,
  realm: RealmInput,
  { at, expectedVersion }: WhatIfOptions,
  interrupted: AbortSignal,
): Promise<AskedWhatIf> => {
  const sent = { document: realm.document, at, expectedVersion };
  const starting = session.api
    .post<WhatIfStarted>(tenantPath(realm.tenant, 'what-if'), sent)
    .catch(asUsage((name) => (name === 'at' ? '--at: ' : undefined)));
  const { id } = await placing(realm, starting);
  const path = tenantPath(realm.tenant, `what-if/${encodeURIComponent(id)}`);
  const answer = await untilEnded(session, path, interrupted);
  if (answer.result) return { id, path, result: answer.result };
  throw new Failure(`the what-if ${answer.state}${answer.problem === undefined ? '' : `: ${answer.problem}`}`);
};

const untilEnded = async (session: Session, path: string, interrupted: AbortSignal): Promise<WhatIfAnswer> => {
  const progress = session.terminal.stderr.isTTY ? progressOn(session.terminal.stderr) : undefined;
  try {
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 2, LAST_POLL_MS)) {
      const answer = await session.api.get<WhatIfAnswer>(path);
      if (answer.state !== 'running') return answer;
      if (answer.total > 0) progress?.update(`deciding by the draft: ${answer.done} of ${answer.total} people`);
      await delay(pause, undefined, { signal: interrupted }).catch(() => undefined);
      if (interrupted.aborted) return await session.api.delete<WhatIfAnswer>(path);
    }
  } finally {
    progress?.clear();
  }
};
