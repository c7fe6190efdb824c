export type EmploymentState = 'expected' | 'employed' | 'left' | 'unknown';

/** What is known of one employee. Days are the company's, `YYYY-MM-DD`. */
export interface EmployeeFacts {
  readonly employeeId: string;
  readonly employment: {
    readonly state: EmploymentState;
    readonly hireDate: string | null;
    /** The last day with access. */
    readonly lastDay: string | null;
  };
  /** The day on which the employment was judged: a last day that had passed by then is already in the state. */
  readonly recordedOn: string;
  /** The day on which Portico first saw the record; `null` where nobody noted it. */
  readonly addedOn: string | null;
  /** The last known value of each field; `null` is known to be empty, a field that is not there was never known. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** Fields that the latest read did not confirm. */
  readonly unconfirmed: readonly string[];
}
