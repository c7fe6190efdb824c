import { Failure, UsageError } from './errors.js';
import type { Session } from './session.js';
import { ask } from './terminal.js';

interface NumberWanted {
  readonly question: string;
  readonly count: number;
  /** What to say where nobody can be asked. */
  readonly otherwise: string;
}

/**
 * Wants the number typed that was told: a yes is said too easily.
 * @throws Failure for another number, UsageError where nobody can be asked.
 */
export const askNumber = async (session: Session, { question, count, otherwise }: NumberWanted): Promise<void> => {
  if (!session.terminal.stdin.isTTY) throw new UsageError(`nobody can be asked here: to do this, say ${otherwise}`);
  const typed = await ask(session.terminal, `${question} `);
  if (typed !== String(count)) throw new Failure(`"${typed}" is not ${count}: nothing was done`);
};
