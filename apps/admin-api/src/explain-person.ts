import {
  EMPLOYEE_ID,
  type Caller,
  type CellView,
  type ExplainAnswer,
  type ExplainedCell,
  type ExplainRequest,
} from '@portico/contracts';
import { Problem } from './http/problem.js';
import type { Services } from './services.js';

/** An explanation, and for the present what LearnUpon shows beside it. */
export type PersonExplanation = Omit<ExplainAnswer, 'cells'> & {
  readonly cells: readonly (ExplainedCell & { readonly shown?: CellView })[];
  /** Services that did not answer. */
  readonly unavailable: readonly string[];
};

/** Asks why, and for the present also what is there. Without learnupon-provisioning the decision is explained alone. */
export const explainPerson = async (
  services: Services,
  caller: Caller,
  request: ExplainRequest,
): Promise<PersonExplanation> => {
  refuseNoId(request.employeeId);
  const isPresent = request.at === undefined;
  const [explained, shown] = await Promise.all([
    services.explain(caller, request),
    isPresent ? shownTo(services, caller, request) : { cells: [], unavailable: [] },
  ]);
  const cells = explained.cells.map((cell) => {
    const found = shown.cells.find(({ portal }) => portal === cell.portal);
    return found === undefined ? cell : { ...cell, shown: found };
  });
  return { ...explained, cells, unavailable: shown.unavailable };
};

/** No database can be asked for some texts, such as one with U+0000. */
const refuseNoId = (employeeId: string): void => {
  if (!EMPLOYEE_ID.test(employeeId))
    throw new Problem(404, 'not-found', 'That is no employee id: portico people lists them.');
};

const shownTo = async (
  services: Services,
  caller: Caller,
  { employeeId }: ExplainRequest,
): Promise<{ cells: readonly CellView[]; unavailable: readonly string[] }> => {
  try {
    const { rows } = await services.people(caller, { employeeIds: [employeeId] });
    return { cells: rows[0]?.cells ?? [], unavailable: [] };
  } catch (error) {
    if (!(error instanceof Problem) || !['unavailable', 'not-found'].includes(error.body.code)) throw error;
    return { cells: [], unavailable: error.body.service === undefined ? [] : [error.body.service] };
  }
};
