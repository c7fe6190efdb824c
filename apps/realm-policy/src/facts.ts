import type { EmployeeFacts } from '@portico/access-policy';
import type { EmployeeChangedV1 } from '@portico/contracts';

/** What is kept of an employee revision: all that a decision rests on. */
export type StoredFacts = Pick<EmployeeChangedV1, 'employment' | 'fields' | 'unconfirmed' | 'recordedAt'>;

export const toStoredFacts = ({ employment, fields, unconfirmed, recordedAt }: EmployeeChangedV1): StoredFacts => ({
  employment,
  fields,
  unconfirmed,
  recordedAt,
});

/** The core's words for a message's. */
export const toFacts = (
  { employment, fields, unconfirmed, recordedAt }: StoredFacts,
  timeZone: string,
): EmployeeFacts => ({
  employment: {
    state: employment.state,
    hireDate: employment.hireDate ?? null,
    lastDay: employment.lastDay ?? null,
  },
  recordedOn: Temporal.Instant.from(recordedAt).toZonedDateTimeISO(timeZone).toPlainDate().toString(),
  fields,
  unconfirmed,
});
