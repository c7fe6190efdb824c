/** Field name → value; `null` is known to be empty, a field that is not there is unknown. */
export type FieldValues = Readonly<Record<string, string | null>>;

/** The fields that the evidence of an employment rests on, whatever policy uses besides. */
export const EVIDENCE_FIELDS = [
  'status',
  'employmentHistoryStatus',
  'hireDate',
  'originalHireDate',
  'terminationDate',
] as const;

/** One row of a person's employment history; `date` is the first day on which it holds, `YYYY-MM-DD`. */
export interface EmploymentRow {
  readonly date: string;
  readonly status: string;
}

/** What one read found of one person. */
export type Sighting =
  | {
      readonly kind: 'seen';
      readonly employeeId: string;
      readonly values: FieldValues;
      /** The employment history, where it was read. */
      readonly employmentRows?: readonly EmploymentRow[];
    }
  /** Not there, or not visible: says nothing about the employment. */
  | { readonly kind: 'missing'; readonly employeeId: string }
  /** Deleted in the changed feed, and gone when asked for by id. */
  | { readonly kind: 'deleted'; readonly employeeId: string };

export type EmploymentState = 'expected' | 'employed' | 'left' | 'unknown';

export type EmploymentEvidence =
  | 'hire-date'
  | 'employment-status'
  | 'newer-employment-row'
  | 'status-terminated'
  | 'termination-date'
  | 'deleted-and-404'
  /** A field that the evidence needs was not in the read. */
  | 'hidden-evidence'
  /** The termination date has passed, and the employment status says that the work goes on. */
  | 'termination-contradicted'
  /** The status alone says Inactive. */
  | 'inactive-without-termination'
  | 'no-hire-date'
  | 'missing-from-read';

export interface Employment {
  readonly state: EmploymentState;
  /** `YYYY-MM-DD`. */
  readonly hireDate: string | null;
  /** The last day with access, `YYYY-MM-DD`. */
  readonly lastDay: string | null;
  readonly evidence: EmploymentEvidence;
}

/** What is known of one person after the reads so far. */
export interface KnownEmployee {
  readonly employeeId: string;
  /** The last known values of policy's fields and of the evidence. */
  readonly values: FieldValues;
  /** Sorted names of the fields whose value the latest read did not confirm. */
  readonly unconfirmed: readonly string[];
  readonly employment: Employment;
}
