/** One person's values. A field that is not there was not in the answer; `null` is known to be empty. */
export interface EmployeeRow {
  readonly employeeId: string;
  readonly values: Readonly<Record<string, string | null>>;
}

/** Everyone whom the key's user may see, employed or not, with the values in effect now. */
export interface EmployeeRead {
  readonly rows: readonly EmployeeRow[];
  readonly requestedFields: readonly string[];
  /** Those of the requested fields that came back: BambooHR leaves out what the user may not see, without an error. */
  readonly returnedFields: readonly string[];
  /** Ids that came more than once with different values, as a field of a table with several rows per person makes them. */
  readonly ambiguousIds: number;
  /** How many people BambooHR's list of employees counts; absent where it cannot be read. */
  readonly rosterTotal?: number;
}

export type ChangedAction = 'inserted' | 'updated' | 'deleted';

export interface ChangedEmployee {
  readonly employeeId: string;
  readonly action: ChangedAction;
  /** RFC 3339, by BambooHR's clock, in whole seconds. */
  readonly at: string;
}

/** The latest change of each person since a moment. A termination is `updated`; `deleted` is a record taken away. */
export interface ChangedFeed {
  /** RFC 3339: what to ask from next time; absent where the answer has none. */
  readonly latest?: string;
  readonly changes: readonly ChangedEmployee[];
}

/** `hidden`: the record exists and the key's user may not see it. `absent`: there is no such record. */
export type EmployeeLookup =
  | { readonly outcome: 'found'; readonly row: EmployeeRow }
  | { readonly outcome: 'hidden' }
  | { readonly outcome: 'absent' };

/** One row of a person's employment history; rows ahead are included. */
export interface EmploymentStatusRow {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly status: string;
}

/** A field that the key's user may see. */
export interface FieldDescription {
  /** What to ask for: the alias, or the number where there is none. */
  readonly name: string;
  /** The number, where `name` is the alias: it can be asked for too. */
  readonly id?: string;
  /** As people see it. */
  readonly label: string;
  /** BambooHR's word: `text`, `list`, `date`, `bool`, … */
  readonly type: string;
  /** The values of a list, archived ones among them: they occur in what was. */
  readonly options?: readonly string[];
}

/** What Portico asks of BambooHR. Every method rejects with `BambooHrError` and repeats nothing by itself. */
export interface BambooHrClient {
  /** Unset texts, dates and lists are `null`, booleans `true` or `false`, numbers text. At least one field. */
  readAll(request: { readonly fields: readonly string[]; readonly signal?: AbortSignal }): Promise<EmployeeRead>;
  /** @param since RFC 3339 with zone. Whether that second itself is included is not documented: ask with an overlap. */
  readChanged(since: string, signal?: AbortSignal): Promise<ChangedFeed>;
  /** The fields of the account, with the calculated ones that BambooHR answers to without listing them. */
  readFields(signal?: AbortSignal): Promise<readonly FieldDescription[]>;
  readEmployee(employeeId: string, fields: readonly string[], signal?: AbortSignal): Promise<EmployeeLookup>;
  /** Unordered; `undefined` where the table is hidden or the person is not there. */
  readEmploymentRows(employeeId: string, signal?: AbortSignal): Promise<readonly EmploymentStatusRow[] | undefined>;
  /** Closes the connections. */
  close(): Promise<void>;
}
