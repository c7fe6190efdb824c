import { setTimeout as delay } from 'node:timers/promises';
import { UnreachableError } from '../api-client.js';
import { Failure } from '../errors.js';
import { followStatus } from '../follow-status.js';
import { describeEvent, type LiveEvent } from '../output/event-text.js';
import { progressOn, type Progress } from '../output/progress.js';
import { progressLine } from '../output/status-text.js';
import { PersonNames } from '../person-names.js';
import type { Session } from '../session.js';
import { plain } from '../terminal.js';

export interface WatchOptions {
  readonly untilSettled?: boolean;
  /** Seconds; without end unless told. */
  readonly timeout?: number;
}

const RECONNECT_MS = 1_000;
/** Events that come together are named together, with one question. */
const GATHER_MS = 200;

interface Watching {
  readonly session: Session;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Shows what happened, named, in the order in which it came. */
class EventLog {
  private waiting: LiveEvent[] = [];
  private showing: Promise<void> = Promise.resolve();

  constructor(
    private readonly watching: Watching,
    private readonly names: PersonNames,
  ) {}

  add(event: LiveEvent): void {
    this.waiting.push(event);
    if (this.waiting.length === 1) this.showing = this.showing.then(() => delay(GATHER_MS)).then(() => this.show());
  }

  /** What has come so far has been shown. */
  settled(): Promise<void> {
    return this.showing;
  }

  private async show(): Promise<void> {
    const { session, progress } = this.watching;
    const events = this.waiting.splice(0);
    const names = await this.names.of(events.flatMap(({ data }) => data.employeeId ?? []));
    for (const event of events) {
      if (session.isJson) progress.log(JSON.stringify(event));
      else progress.log(describeEvent(event, names, session.paint));
    }
  }
}

const isBroken = (error: unknown): boolean => error instanceof UnreachableError || !(error instanceof Failure);

/** A stream that breaks off is taken up again where it was. */
const followEvents = async ({ session, signal }: Watching, log: EventLog, path: string): Promise<void> => {
  let lastEventId: string | undefined;
  while (!signal.aborted) {
    try {
      for await (const { id, data } of session.api.events(path, lastEventId, signal)) {
        lastEventId = id;
        log.add(JSON.parse(data) as LiveEvent);
      }
    } catch (error) {
      if (!signal.aborted && !isBroken(error)) throw error;
    }
    await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
  }
};

/** Attention is shown when it comes up, not with every look. */
const newSentences = () => {
  const known = new Set<string>();
  return (sentences: readonly string[]) => {
    const fresh = sentences.filter((sentence) => !known.has(sentence));
    known.clear();
    for (const sentence of sentences) known.add(sentence);
    return fresh;
  };
};

const followProgress = async (
  { session, progress, signal }: Watching,
  path: string,
  untilSettled: boolean,
): Promise<boolean> => {
  const fresh = newSentences();
  for await (const status of followStatus(session, path, signal)) {
    for (const sentence of fresh(status.attention)) progress.log(session.paint('red', `! ${plain(sentence)}`));
    if (!session.isJson) progress.update(progressLine(status));
    if (untilSettled && status.settled) return true;
  }
  return false;
};

/** The last outcomes are published, and on their way here. */
const LAST_EVENTS_MS = 300;

/** Live progress and events, until interrupted, or with `untilSettled` until nothing is on its way any more. */
export const watch = async (session: Session, options: WatchOptions, interrupted: AbortSignal): Promise<void> => {
  const { untilSettled = false, timeout } = options;
  const base = await session.path('');
  const done = new AbortController();
  const timedOut = timeout === undefined ? new AbortController().signal : AbortSignal.timeout(timeout * 1_000);
  const signal = AbortSignal.any([done.signal, interrupted, timedOut]);
  const progress = progressOn(session.terminal.stdout);
  const watching: Watching = { session, progress, signal };
  const log = new EventLog(watching, new PersonNames(session.api, `${base}people`));
  const following = followEvents(watching, log, `${base}events`);
  // Where the events are refused, the status is too, and says why.
  following.catch(() => done.abort());
  try {
    const isSettled = await followProgress(watching, `${base}status`, untilSettled);
    if (isSettled) await delay(LAST_EVENTS_MS);
    else if (timedOut.aborted && untilSettled) {
      throw new Failure(`not settled after ${timeout} s; it goes on: see portico status`);
    }
  } finally {
    done.abort();
    await Promise.allSettled([following]);
    await log.settled();
    progress.end();
  }
  await following;
};
