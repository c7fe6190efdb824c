import { awaitNeeds } from './await-needs.js';

describe('awaitNeeds', () => {
  const failing = (...errors: string[]) => {
    const calls = { count: 0 };
    return {
      calls,
      need: async () => {
        const error = errors[calls.count];
        calls.count += 1;
        if (error !== undefined) throw new Error(error);
      },
    };
  };

  it('tries until all are met, and says each reason once', async () => {
    const reasons: string[] = [];
    const database = failing('no answer', 'no answer', 'lacks 0001');
    const nats = failing('no consumer');
    await awaitNeeds([database.need, nats.need], { seconds: 5, pollMs: 1, onWait: (reason) => reasons.push(reason) });
    expect(reasons).toEqual(['no answer', 'lacks 0001', 'no consumer']);
    expect([database.calls.count, nats.calls.count]).toEqual([4, 2]);
  });

  it('throws what is missing when the time is up', async () => {
    const never = () => Promise.reject(new Error('no answer', { cause: new Error('refused') }));
    const reasons: string[] = [];
    const waiting = awaitNeeds([never], { seconds: 0.05, pollMs: 10, onWait: (reason) => reasons.push(reason) });
    await expect(waiting).rejects.toThrow('no answer');
    expect(reasons).toEqual(['no answer (refused)']);
  });
});
