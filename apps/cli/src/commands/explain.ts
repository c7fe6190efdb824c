import type { ExplainAnswer, ExplainedCell, CellView } from '@portico/contracts';
import { asUsage } from '../as-usage.js';
import { findPerson } from '../find-person.js';
import { renderExplanation } from '../output/explain-text.js';
import type { Session } from '../session.js';

export interface ExplainOptions {
  readonly at?: string;
}

export type Explanation = Omit<ExplainAnswer, 'cells'> & {
  readonly cells: readonly (ExplainedCell & { readonly shown?: CellView })[];
  readonly unavailable: readonly string[];
};

/** Why a person has access or not, and what would change it. */
export const explain = async (
  session: Session,
  person: string,
  portal: string | undefined,
  { at }: ExplainOptions,
): Promise<void> => {
  const { employeeId } = await findPerson(session, person);
  const path = await session.path(`access/explain/${encodeURIComponent(employeeId)}`);
  const answer = await session.api
    .get<Explanation>(path, { portal, at })
    .catch(asUsage((name) => (name === 'at' ? '--at: ' : '')));
  session.answer(answer, () => renderExplanation(answer, session.paint));
  for (const service of answer.unavailable) {
    session.note(`${service} does not answer: what LearnUpon shows is not known now`);
  }
};
