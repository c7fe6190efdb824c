import { Pool } from 'undici';
import { spreadOf, type Spread } from './statistics.js';
import type { TappedCall } from './vendor-tap.js';

/** The calls of each change made again, one after the other, by a client that does nothing else. */
export const timeBareCalls = async (origin: string, changes: readonly (readonly TappedCall[])[]): Promise<Spread> => {
  const pool = new Pool(origin, { connections: 1 });
  const times: number[] = [];
  for (const calls of changes) {
    const began = performance.now();
    for (const { method, path, headers, body } of calls) {
      const answer = await pool.request({ method, path, headers, body: body === '' ? null : body });
      if (answer.statusCode >= 300) throw new Error(`${method} ${path} was answered ${answer.statusCode}`);
      await answer.body.text();
    }
    times.push(performance.now() - began);
  }
  await pool.close();
  return spreadOf(times);
};
