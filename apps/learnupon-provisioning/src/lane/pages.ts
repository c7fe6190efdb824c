import type { LaneContext } from './lane-context.js';
import { untilReady } from './until-ready.js';

interface Page {
  readonly hasNext: boolean;
}

/** A list page by page, as the pace allows. While one is taken in, the next is asked for. */
export async function* pagesOf<P extends Page>(
  context: LaneContext,
  list: (page: number) => Promise<P>,
): AsyncGenerator<P> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([context.signal, stopped.signal]);
  const ask = async (page: number): Promise<P> => {
    await untilReady({ ...context, signal });
    return list(page);
  };
  let next: Promise<P> | undefined = ask(1);
  try {
    for (let page = 2; next !== undefined; page += 1) {
      const answer: P = await next;
      next = answer.hasNext ? ask(page) : undefined;
      // It may fail before it is waited for.
      next?.catch(() => undefined);
      yield answer;
    }
  } finally {
    // Whoever stops in the middle waits for no pace, and leaves no call behind.
    stopped.abort();
    await next?.catch(() => undefined);
  }
}
