import { once, EventEmitter } from 'node:events';
import { WorkerLoop } from './worker-loop.js';

/** Long enough to be for ever in a test. */
const FOR_EVER_MS = 3_600_000;

const looks = (answer: () => boolean | Promise<boolean>) => {
  const seen = new EventEmitter();
  let count = 0;
  const work = async () => {
    count += 1;
    queueMicrotask(() => seen.emit('look'));
    return answer();
  };
  return { work, seen, count: () => count, next: () => once(seen, 'look') };
};

describe(WorkerLoop.name, () => {
  const loops: WorkerLoop[] = [];
  const run = (options: Partial<ConstructorParameters<typeof WorkerLoop>[0]>): WorkerLoop => {
    const loop = new WorkerLoop({
      work: () => Promise.resolve(false),
      restMs: FOR_EVER_MS,
      onError: () => undefined,
      ...options,
    });
    loops.push(loop);
    loop.start();
    return loop;
  };
  afterEach(() => Promise.all(loops.splice(0).map((loop) => loop.stop())));

  it('looks again at once while there is work, and rests where there is none', async () => {
    let left = 3;
    const { work, count, seen } = looks(() => {
      left -= 1;
      if (left === 0) seen.emit('empty');
      return left > 0;
    });
    const empty = once(seen, 'empty');
    run({ work });
    await empty;
    expect(count()).toBe(3);
  });

  it('is woken by a nudge', async () => {
    const { work, next } = looks(() => false);
    const first = next();
    const loop = run({ work });
    await first;
    const second = next();
    loop.nudge();
    await second;
  });

  it('does not sleep over a nudge that comes while it looks', async () => {
    const gate = Promise.withResolvers<boolean>();
    let answers = 0;
    const { work, next } = looks(() => (++answers === 1 ? gate.promise : false));
    const first = next();
    const loop = run({ work });
    await first;
    const second = next();
    loop.nudge();
    gate.resolve(false);
    await second;
  });

  it('goes on after work that failed', async () => {
    const errors: unknown[] = [];
    let left = 1;
    const { work, seen } = looks(() => {
      if (left-- > 0) throw new Error('broken');
      seen.emit('well');
      return false;
    });
    const well = once(seen, 'well');
    run({ work, failedMs: 1, onError: (error) => errors.push(error) });
    await well;
    expect(errors).toEqual([new Error('broken')]);
  });

  it('stops when what is in hand has ended, and tells it so', async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    let hasEnded = false;
    const loop = run({
      work: async (signal) => {
        begun.resolve(signal);
        await once(signal, 'abort');
        hasEnded = true;
        return true;
      },
    });
    await begun.promise;
    await loop.stop();
    expect(hasEnded).toBe(true);
  });

  it('does several things at once', async () => {
    const gate = Promise.withResolvers<boolean>();
    const all = Promise.withResolvers<void>();
    let atOnce = 0;
    run({
      parallel: 3,
      work: () => {
        if (++atOnce === 3) all.resolve();
        return gate.promise;
      },
    });
    await all.promise;
    gate.resolve(false);
  });
});
