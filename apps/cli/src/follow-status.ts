import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, UnreachableError } from './api-client.js';
import type { Status } from './answers.js';
import type { Session } from './session.js';

const POLL_MS = 500;

/** The API, or a service behind it, is away; it may come back. */
const isPassing = (error: unknown): boolean =>
  error instanceof UnreachableError || (error instanceof ApiError && error.status >= 500);

/** The status again and again, until the signal aborts. Waits where nobody answers, and says so once. */
export async function* followStatus(session: Session, path: string, signal: AbortSignal): AsyncGenerator<Status> {
  let isAway = false;
  // The first question tells a wrong address or token, which no waiting mends.
  yield await session.api.get<Status>(path);
  while (!signal.aborted) {
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      yield await session.api.get<Status>(path);
      isAway = false;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (!isAway) session.note(error instanceof Error ? error.message : String(error));
      isAway = true;
    }
  }
}
