import type { Status } from '../answers.js';
import { renderStatus } from '../output/status-text.js';
import type { Session } from '../session.js';

export const status = async (session: Session): Promise<void> => {
  const answer = await session.api.get<Status>(await session.path('status'));
  session.answer(answer, () => renderStatus(answer, session.paint));
};
