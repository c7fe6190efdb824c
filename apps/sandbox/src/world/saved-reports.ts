export interface SavedReport {
  readonly id: number;
  readonly name: string;
  /** Aliases or numbers. */
  readonly fields: readonly string[];
}

const FIRST: readonly Omit<SavedReport, 'id'>[] = [
  { name: 'Everybody', fields: ['employeeNumber', 'firstName', 'lastName', 'workEmail', 'status'] },
  { name: 'Who works where', fields: ['firstName', 'lastName', 'department', 'division', 'location', 'jobTitle'] },
  { name: 'Joiners and leavers', fields: ['displayName', 'hireDate', 'terminationDate', 'employmentHistoryStatus'] },
];

/** Reports that people of the company made and saved. */
export class SavedReports {
  private readonly reports = new Map<number, SavedReport>();
  private nextId = 101;

  constructor() {
    for (const report of FIRST) this.add(report.name, report.fields);
  }

  add(name: string, fields: readonly string[]): SavedReport {
    const report = { id: this.nextId, name, fields };
    this.reports.set(report.id, report);
    this.nextId += 1;
    return report;
  }

  all(): readonly SavedReport[] {
    return [...this.reports.values()];
  }

  find(id: number): SavedReport | undefined {
    return this.reports.get(id);
  }
}
