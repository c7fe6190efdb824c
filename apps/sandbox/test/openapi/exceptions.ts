/** Where the sandbox, like the real service, is not as the document says. */
export interface Exception {
  readonly operations: '*' | readonly string[];
  readonly finding: RegExp;
  /** What is known of reality, and from where. */
  readonly why: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    operations: '*',
    finding: /^status: (401|403|429|503)$/,
    why: 'any call may be refused for its key (recorded), its rights, or its pace (announced for September 2026)',
  },
  {
    operations: '*',
    finding: /^operation: .* (401|403|404|405|429|503)$/,
    why: 'a call that there is not is refused',
  },
  {
    operations: ['create-employee', 'update-employee'],
    finding: /^body: none is documented$/,
    why: 'the answer has the id, the names, the status and what was written (recorded in 2026)',
  },
  {
    operations: ['create-employee', 'update-employee'],
    finding: /^status: 406$/,
    why: 'the guides give 406 for a field that does not exist; by the switch unknownFieldOnWrite',
  },
  {
    operations: ['DELETE /api/v1/employees/{n}'],
    finding: /^operation/,
    why: 'DELETE of an employee answers 204 (recorded) and is not in the document',
  },
  {
    operations: ['request-custom-report', 'get-company-report'],
    finding: /^schema: \/employees\/\d+\/.* must be string$/,
    why: 'unset values are null and booleans are real (recorded in 2022 and 2026); the document says texts alone',
  },
  {
    operations: ['list-list-fields'],
    finding: /^schema: \/\d+\/fieldId must be string$/,
    why: 'fieldId is a number (recorded in 2026)',
  },
  {
    operations: ['get-changed-employee-ids', 'get-changed-employee-table-data'],
    finding: /^schema: \/employees must be object$/,
    why: 'an empty map may be [] as elsewhere in this API: by the switch emptyChangesAsArray',
  },
  {
    operations: ['get-data-from-dataset-v1', 'get-fields-from-dataset-v1'],
    finding: /^body: none is documented$/,
    why: "errors are plain text, as the document's prose says and its schemas do not",
  },
  {
    operations: ['get-data-from-dataset-v2'],
    finding: /^schema: \/(links must be object|data\/\d+\/fields\/\w+ must be string)$/,
    why: 'no links are [] (recorded in 2026); an unset value is no text',
  },
  {
    operations: ['get-data-from-dataset-v2', 'get-locations'],
    finding: /^type: application\/problem\+json is not among application\/json$/,
    why: 'problems of RFC 7807 say so, unless by the switch problemType',
  },
  {
    operations: ['get-data-from-dataset-v1'],
    finding: /^schema: \/data must be array$/,
    why: "grouped data are an object by value, as the document's prose says and its schema does not",
  },
  {
    operations: ['create-employee-training-record', 'update-employee-training-record', 'list-employee-trainings'],
    finding: /^schema: (\/\d+)?\/id must be integer$|^schema: {2}must (be array|match exactly one schema in oneOf)$/,
    why: 'the number of a record is a text (recorded in 2026)',
  },
];
