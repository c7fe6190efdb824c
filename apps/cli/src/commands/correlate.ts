import type { CorrelateAnswer } from '@portico/contracts';
import type { Session } from '../session.js';
import { plain } from '../terminal.js';

/** An admin's yes: the account is the employee's. Asked twice it says the same. */
export const correlate = async (
  session: Session,
  employee: string,
  portal: string,
  accountId: string,
): Promise<void> => {
  const path = await session.path(`people/${encodeURIComponent(employee)}/correlations`);
  const answer = await session.api.post<CorrelateAnswer>(path, { portal, accountId });
  session.answer(answer, () =>
    plain(
      `account ${answer.accountId} in ${answer.portal} is employee ${answer.employeeId}'s ` +
        `(${answer.confirmedBy}, ${answer.confirmedAt})`,
    ),
  );
};
