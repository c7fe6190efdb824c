import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LaneContext } from './lane-context.js';
import { pagesOf } from './pages.js';

const context = {
  pace: { waitMs: () => 0 },
  settings: { leaseSeconds: 3_600 },
  signal: new AbortController().signal,
} as unknown as LaneContext;

const pageOf = (page: number, last: number) => ({ page, hasNext: page < last });

/** Asked for, with what answers each. */
const listing = (last: number) => {
  const asked: PromiseWithResolvers<ReturnType<typeof pageOf>>[] = [];
  const list = () => {
    asked.push(Promise.withResolvers());
    return asked.at(-1)!.promise;
  };
  return { asked, list, answer: (page: number) => asked[page - 1]?.resolve(pageOf(page, last)) };
};

const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe(pagesOf.name, () => {
  it('answers all pages in their order', async () => {
    const seen: number[] = [];
    for await (const { page } of pagesOf(context, (page) => Promise.resolve(pageOf(page, 3)))) seen.push(page);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('asks for the next page while one is taken in, and for no more', async () => {
    const { asked, list, answer } = listing(3);
    const pages = pagesOf(context, list);
    const first = pages.next();
    await turns();
    answer(1);
    await first;
    await turns();
    expect(asked).toHaveLength(2);
    answer(2);
    await turns();
    expect(asked).toHaveLength(2);
    await pages.next();
    await turns();
    expect(asked).toHaveLength(3);
    answer(3);
    await pages.return(undefined);
  });

  it('leaves no call behind where whoever takes the pages stops', async () => {
    const { list, answer } = listing(3);
    const pages = pagesOf(context, list);
    const first = pages.next();
    await turns();
    answer(1);
    await first;
    let hasEnded = false;
    const stopped = pages.return(undefined).then(() => (hasEnded = true));
    await turns();
    expect(hasEnded).toBe(false);
    answer(2);
    await stopped;
  });

  it('neither waits for the pace nor asks for a page that nobody takes any more', async () => {
    let waitMs = 0;
    const { asked, list, answer } = listing(3);
    const pages = pagesOf({ ...context, pace: { waitMs: () => waitMs } } as unknown as LaneContext, list);
    const first = pages.next();
    await turns();
    waitMs = 3_600_000;
    answer(1);
    await first;
    await pages.return(undefined);
    expect(asked).toHaveLength(1);
  });

  it('fails where a page fails, after the pages before it', async () => {
    const seen: number[] = [];
    const read = async () => {
      const list = (page: number) =>
        page === 2 ? Promise.reject(new Error('unreachable')) : Promise.resolve(pageOf(page, 3));
      for await (const { page } of pagesOf(context, list)) {
        // A whole turn of the event loop, at the end of which a rejection that nobody waits for would be told.
        await nextTurn();
        seen.push(page);
      }
    };
    await expect(read()).rejects.toThrow('unreachable');
    expect(seen).toEqual([1]);
  });
});
