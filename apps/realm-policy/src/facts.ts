import type { EmployeeFacts, RealmPolicy } from '@portico/access-policy';
import type { EmployeeChangedV1 } from '@portico/contracts';

/** What is kept of an employee revision: all that a decision rests on, and what brought it. */
export type StoredFacts = Pick<
  EmployeeChangedV1,
  'employment' | 'fields' | 'unconfirmed' | 'recordedAt' | 'addedAt'
> & {
  /** Absent in rows of versions that did not keep it. */
  readonly cause?: Pick<EmployeeChangedV1['cause'], 'kind' | 'id'>;
};

export const toStoredFacts = ({
  employment,
  fields,
  unconfirmed,
  recordedAt,
  addedAt,
  cause: { kind, id },
}: EmployeeChangedV1): StoredFacts => ({
  employment,
  fields,
  unconfirmed,
  recordedAt,
  ...(addedAt === undefined ? {} : { addedAt }),
  cause: { kind, id },
});

/** The core's words for a message's. */
export const toFacts = (
  employeeId: string,
  { employment, fields, unconfirmed, recordedAt, addedAt }: StoredFacts,
  timeZone: string,
  { needsDateAdded }: Pick<RealmPolicy, 'needsDateAdded'>,
): EmployeeFacts => {
  const lastDay = employment.lastDay ?? null;
  const isDayNeeded = lastDay !== null || employment.state === 'left';
  return {
    employeeId,
    employment: { state: employment.state, hireDate: employment.hireDate ?? null, lastDay },
    // Only ever compared with a last day, which few have: the day in a time zone takes longer than a decision.
    recordedOn: isDayNeeded ? dayIn(recordedAt, timeZone) : recordedAt.slice(0, 10),
    addedOn: needsDateAdded && addedAt !== undefined ? dayIn(addedAt, timeZone) : null,
    fields,
    unconfirmed,
  };
};

const dayIn = (moment: string, timeZone: string): string =>
  Temporal.Instant.from(moment).toZonedDateTimeISO(timeZone).toPlainDate().toString();
