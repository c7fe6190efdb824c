import type { SandboxClock } from './clock.js';
import {
  dueDays,
  effectiveFrom,
  employmentOn,
  jobOn,
  TERMINATED,
  type Employee,
  type EmploymentRow,
  type JobRow,
} from './employee.js';
import type { Switches } from './switches.js';

export type ChangeAction = 'Inserted' | 'Updated' | 'Deleted';

export interface Change {
  readonly employeeId: number;
  readonly action: ChangeAction;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the API key may see. Field names are aliases. */
export interface PermissionProfile {
  hiddenFields: ReadonlySet<string>;
  hiddenEmployees: ReadonlySet<number>;
  directory: 'shared' | 'off';
}

export type Details = Partial<
  Pick<
    Employee,
    | 'employeeNumber'
    | 'firstName'
    | 'middleName'
    | 'lastName'
    | 'preferredName'
    | 'workEmail'
    | 'homeEmail'
    | 'workPhone'
    | 'mobilePhone'
    | 'country'
    | 'state'
  >
> & { readonly custom?: Record<string, string | null> };

export type JobDetails = Partial<Omit<JobRow, 'id' | 'date'>>;

const NO_JOB: Omit<JobRow, 'id' | 'date'> = {
  location: null,
  department: null,
  division: null,
  jobTitle: null,
  managerId: null,
};

/** Why the company refuses something; the message is for whoever asked. */
export class CompanyError extends Error {
  constructor(
    readonly code: 'not-found' | 'conflict',
    message: string,
  ) {
    super(message);
  }
}

/** The people of one BambooHR account, with dated job and employment rows. */
export class Company {
  readonly profile: PermissionProfile = { hiddenFields: new Set(), hiddenEmployees: new Set(), directory: 'shared' };
  private readonly employees = new Map<number, Employee>();
  private readonly changes = new Map<number, Change>();
  private readonly byWorkEmail = new Map<string, number>();
  private nextEmployeeId = 1;
  private nextRowId = 38_001;
  private rolledOverTo: string;
  private managers: ReadonlySet<number> | undefined;

  constructor(
    readonly name: string,
    readonly timeZone: string,
    readonly apiKey: string,
    private readonly clock: SandboxClock,
    private readonly switches: Switches,
  ) {
    this.rolledOverTo = clock.today(timeZone);
  }

  today(): string {
    const today = this.clock.today(this.timeZone);
    if (today !== this.rolledOverTo) this.rollOver(today);
    return today;
  }

  /** In the order of their ids. */
  all(): IterableIterator<Employee> {
    return this.employees.values();
  }

  get size(): number {
    return this.employees.size;
  }

  find(id: number): Employee | undefined {
    return this.employees.get(id);
  }

  /** @throws CompanyError not-found */
  get(id: number): Employee {
    const employee = this.employees.get(id);
    if (!employee) throw new CompanyError('not-found', `nobody has the employee id ${id}: see GET /people`);
    return employee;
  }

  /** Whether anybody reports, reported or will report to this employee. */
  isManager(id: number): boolean {
    const rows = (): (number | null)[] => [...this.all()].flatMap(({ jobs }) => jobs.map(({ managerId }) => managerId));
    this.managers ??= new Set(rows().filter((managerId) => managerId !== null));
    return this.managers.has(id);
  }

  isVisible(employee: Employee): boolean {
    return !this.profile.hiddenEmployees.has(employee.id);
  }

  *visible(): Generator<Employee> {
    const { hiddenEmployees } = this.profile;
    for (const employee of this.employees.values()) if (!hiddenEmployees.has(employee.id)) yield employee;
  }

  ownerOfWorkEmail(email: string): number | undefined {
    return this.byWorkEmail.get(email.toLowerCase());
  }

  /** Changes at or after (or only after, by switch) the second of `since`, the oldest first. */
  changedSince(since: number): Change[] {
    this.today();
    const second = Math.floor(since / 1000);
    const first = this.switches.sinceInclusive ? second : second + 1;
    const found = [...this.changes.values()].filter(({ at }) => Math.floor(at / 1000) >= first);
    return found.sort((one, other) => one.at - other.at);
  }

  /** Leaves a gap in the employee ids, as deleted records do. */
  skipId(): void {
    this.nextEmployeeId += 1;
  }

  /** @param enteredAt milliseconds since 1970, by default now. */
  hire(
    details: Details,
    job: JobDetails,
    hireDate: string | null,
    status: string,
    enteredAt = this.clock.now(),
  ): Employee {
    this.assertFreeWorkEmail(details.workEmail ?? null, undefined);
    if (job.managerId !== undefined && job.managerId !== null) this.get(job.managerId);
    const id = this.nextEmployeeId;
    const employee: Employee = {
      id,
      employeeNumber: null,
      firstName: '',
      middleName: null,
      lastName: '',
      preferredName: null,
      workEmail: null,
      homeEmail: null,
      workPhone: null,
      mobilePhone: null,
      country: null,
      state: null,
      ...details,
      hireDate,
      originalHireDate: null,
      custom: { ...details.custom },
      jobs: hireDate === null ? [] : [{ ...NO_JOB, ...job, id: this.rowId(), date: hireDate }],
      employments: hireDate === null ? [] : [this.employmentRow(status, hireDate, hireDate)],
      lastChanged: enteredAt,
    };
    this.nextEmployeeId += 1;
    this.employees.set(id, employee);
    this.claimWorkEmail(employee);
    this.record(employee, 'Inserted', enteredAt);
    return employee;
  }

  change(id: number, { custom, ...details }: Details): Employee {
    const employee = this.get(id);
    if (details.workEmail !== undefined) this.assertFreeWorkEmail(details.workEmail, id);
    this.releaseWorkEmail(employee);
    Object.assign(employee, details);
    Object.assign(employee.custom, custom);
    this.claimWorkEmail(employee);
    this.record(employee, 'Updated');
    return employee;
  }

  /** Adds a job row; what it doesn't say stays as in the row before it. */
  move(id: number, job: JobDetails, date = this.today()): Employee {
    const employee = this.get(id);
    if (job.managerId !== undefined && job.managerId !== null) this.get(job.managerId);
    const { id: _id, date: _date, ...before } = jobOn(employee, date) ?? { ...NO_JOB, id: 0, date };
    employee.jobs = [...employee.jobs, { ...before, ...job, id: this.rowId(), date }];
    this.record(employee, 'Updated');
    return employee;
  }

  /** @param enteredOn the day on which the end is entered; an end entered beforehand leaves its date a day of work. */
  terminate(id: number, date = this.today(), reason = 'Termination (Voluntary)', enteredOn = this.today()): Employee {
    const employee = this.get(id);
    const final = employmentOn(employee);
    if (final?.status === TERMINATED) {
      throw new CompanyError('conflict', `employee ${id} is terminated already, or will be: rehire first`);
    }
    if (final && date < final.effectiveFrom) {
      throw new CompanyError(
        'conflict',
        `employee ${id} starts on ${final.date}: give that "date" or a later one, or delete the record`,
      );
    }
    employee.employments = [...employee.employments, this.employmentRow(TERMINATED, date, enteredOn, reason)];
    this.record(employee, 'Updated');
    return employee;
  }

  /** Same employee id, new rows; the hire date becomes the date of the return. */
  rehire(id: number, date = this.today(), job: JobDetails = {}, status = 'Full-Time'): Employee {
    const employee = this.get(id);
    const final = employmentOn(employee);
    if (final?.status !== TERMINATED) {
      throw new CompanyError('conflict', `employee ${id} is not terminated: terminate first`);
    }
    if (date < final.effectiveFrom) {
      throw new CompanyError('conflict', `employee ${id} works until ${final.date}: give a later "date"`);
    }
    employee.originalHireDate ??= employee.hireDate;
    employee.hireDate = date;
    employee.employments = [...employee.employments, this.employmentRow(status, date, date)];
    return this.move(id, job, date);
  }

  remove(id: number): void {
    const employee = this.get(id);
    this.releaseWorkEmail(employee);
    this.employees.delete(id);
    this.record(employee, 'Deleted');
  }

  /** Moves a record's change stamp into the past: for a generated company, where nothing changed just now. */
  backdate(employee: Employee, at: number): void {
    this.record(employee, this.changes.get(employee.id)?.action ?? 'Updated', at);
  }

  /** By switch, a dated row that takes effect marks the employee as changed. */
  private rollOver(today: string): void {
    const from = this.rolledOverTo;
    this.rolledOverTo = today;
    if (!this.switches.rolloverBumpsLastChanged) return;
    for (const employee of this.employees.values()) {
      if (dueDays(employee).some((day) => day > from && day <= today)) this.record(employee, 'Updated');
    }
  }

  private record(employee: Employee, action: ChangeAction, at = this.clock.now()): void {
    employee.lastChanged = at;
    this.managers = undefined;
    this.changes.set(employee.id, { employeeId: employee.id, action, at });
  }

  private rowId(): number {
    this.nextRowId += 1;
    return this.nextRowId;
  }

  private employmentRow(status: string, date: string, enteredOn: string, reason = ''): EmploymentRow {
    return {
      id: this.rowId(),
      date,
      effectiveFrom: effectiveFrom(status, date, enteredOn),
      status,
      comment: '',
      terminationType: reason,
      terminationReason: reason === '' ? '' : 'Other',
    };
  }

  private assertFreeWorkEmail(email: string | null, ownId: number | undefined): void {
    const owner = email === null ? undefined : this.ownerOfWorkEmail(email);
    if (owner !== undefined && owner !== ownId) throw new CompanyError('conflict', 'Duplicate email');
  }

  private claimWorkEmail({ id, workEmail }: Employee): void {
    if (workEmail !== null) this.byWorkEmail.set(workEmail.toLowerCase(), id);
  }

  private releaseWorkEmail({ workEmail }: Employee): void {
    if (workEmail !== null) this.byWorkEmail.delete(workEmail.toLowerCase());
  }
}
