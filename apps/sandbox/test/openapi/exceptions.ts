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
];
