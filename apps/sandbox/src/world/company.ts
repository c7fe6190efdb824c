import { ApiUsers, type PermissionProfile } from './api-users.js';
import { ChangeFeed, type Change, type ChangeAction } from './change-feed.js';
import type { SandboxClock } from './clock.js';
import { CompanyError } from './company-error.js';
import { addEnd, addJob, addReturn, employmentRow, NO_JOB, type JobDetails } from './dated-rows.js';
import { dueDays, type Employee } from './employee.js';
import { CompanyCard } from './company-information.js';
import { createOptionLists, type ListAlias } from './option-lists.js';
import type { Switches } from './switches.js';
import { WorkEmails } from './work-emails.js';

export { CompanyError, type JobDetails };

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
    | 'hireDate'
    | 'deactivated'
  >
> & { readonly custom?: Record<string, string | null> };

/** A record as it is or was, and the day on which it is looked at. */
export interface Look {
  readonly employee: Employee;
  readonly day: string;
}

/** What happened to a record: by hand, or because a dated row took effect. */
export interface CompanyEvent {
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly employeeId: number;
  readonly before?: Look;
  readonly after?: Look;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const LISTED = ['department', 'division', 'location', 'jobTitle'] as const satisfies readonly ListAlias[];

/** One for all, so that a large company doesn't hold a list each. */
const NO_ROWS: readonly never[] = [];

const copyOf = (employee: Employee): Employee => ({ ...employee, custom: { ...employee.custom } });

/** The people of one BambooHR account, with dated job and employment rows. */
export class Company {
  readonly users = new ApiUsers();
  readonly lists = createOptionLists();
  readonly card: CompanyCard;
  private readonly employees = new Map<number, Employee>();
  private readonly feed: ChangeFeed;
  private readonly emails = new WorkEmails();
  private readonly listeners: ((event: CompanyEvent) => void)[] = [];
  private nextEmployeeId = 1;
  private nextRowId = 38_001;
  private rolledOverTo: string;
  private managers: ReadonlySet<number> | undefined;

  /** @param apiKey of the first user, who sees everything */
  constructor(
    readonly name: string,
    readonly timeZone: string,
    readonly apiKey: string,
    private readonly clock: SandboxClock,
    private readonly switches: Switches,
  ) {
    this.feed = new ChangeFeed(switches);
    this.rolledOverTo = clock.today(timeZone);
    this.card = new CompanyCard(name);
    this.users.add({ firstName: 'Integration', lastName: 'Owner', email: `hr.admin@${name}.example`, apiKey });
  }

  /** What the first user may see and do. */
  get profile(): PermissionProfile {
    const [owner] = this.users.all();
    if (!owner) throw new CompanyError('not-found', 'the company has no users');
    return owner.profile;
  }

  /** In webhooks. */
  get companyId(): string {
    return String(100_000 + (Number.parseInt(this.apiKey.slice(0, 6), 16) % 900_000));
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.clock.now();
  }

  /** Today in the company's time zone. What is due by then takes effect first. */
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

  *visibleTo({ hiddenEmployees }: PermissionProfile): Generator<Employee> {
    for (const employee of this.employees.values()) if (!hiddenEmployees.has(employee.id)) yield employee;
  }

  ownerOfWorkEmail(email: string): number | undefined {
    return this.emails.ownerOf(email);
  }

  changedSince(since: number): Change[] {
    this.today();
    return this.feed.since(since);
  }

  /** Told of every change from now on. */
  onEvent(listener: (event: CompanyEvent) => void): void {
    this.listeners.push(listener);
  }

  newRowId(): number {
    this.nextRowId += 1;
    return this.nextRowId;
  }

  /** Leaves a gap in the employee ids, as deleted records do. */
  skipId(): void {
    this.nextEmployeeId += 1;
  }

  /** @param status none makes a record without an employment row, as one created through BambooHR's API is */
  hire(details: Details, job: JobDetails, hireDate: string | null, status: string | null): Employee {
    this.emails.assertFree(details.workEmail ?? null);
    this.checkJob(job);
    this.today();
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
      deactivated: false,
      ...details,
      hireDate,
      originalHireDate: null,
      custom: { ...details.custom },
      jobs: hireDate === null ? [] : [{ ...NO_JOB, ...job, id: this.newRowId(), date: hireDate }],
      employments: [],
      certifications: NO_ROWS,
      lastChanged: 0,
    };
    if (hireDate !== null && status !== null) {
      employee.employments = [employmentRow({ id: this.newRowId(), status, date: hireDate, enteredOn: hireDate })];
    }
    this.nextEmployeeId += 1;
    this.employees.set(id, employee);
    this.emails.claim(employee);
    this.record(employee, 'Inserted');
    this.tell({ kind: 'created', employeeId: id, after: this.look(employee), at: this.clock.now() });
    return employee;
  }

  /** Changes a record in whatever way. @throws CompanyError; nothing is changed then */
  edit(id: number, apply: (employee: Employee) => void): Employee {
    const employee = this.get(id);
    const day = this.today();
    const before = copyOf(employee);
    try {
      apply(employee);
      this.emails.assertFree(employee.workEmail, id);
    } catch (error) {
      Object.assign(employee, before);
      throw error;
    }
    this.emails.release(before);
    this.emails.claim(employee);
    this.record(employee, 'Updated');
    const looks = { before: { employee: before, day }, after: this.look(employee) };
    this.tell({ kind: 'updated', employeeId: id, ...looks, at: this.clock.now() });
    return employee;
  }

  change(id: number, { custom, ...details }: Details): Employee {
    return this.edit(id, (employee) => {
      Object.assign(employee, details);
      Object.assign(employee.custom, custom);
    });
  }

  /** Adds a job row; what it doesn't say stays as in the row before it. */
  move(id: number, job: JobDetails, date = this.today()): Employee {
    this.checkJob(job);
    return this.edit(id, (employee) => addJob(employee, job, date, this.newRowId()));
  }

  /** @param enteredOn the day on which the end is entered; an end entered beforehand leaves its date a day of work. */
  terminate(id: number, date = this.today(), reason = 'Termination (Voluntary)', enteredOn = this.today()): Employee {
    return this.edit(id, (employee) => addEnd(employee, { id: this.newRowId(), date, reason, enteredOn }));
  }

  /** Same employee id, new rows; the hire date becomes the date of the return. */
  rehire(id: number, date = this.today(), job: JobDetails = {}, status = 'Full-Time'): Employee {
    this.checkJob(job);
    return this.edit(id, (employee) => {
      addReturn(employee, { id: this.newRowId(), status, date, enteredOn: date });
      addJob(employee, job, date, this.newRowId());
    });
  }

  remove(id: number): void {
    this.today();
    const employee = this.get(id);
    this.emails.release(employee);
    this.employees.delete(id);
    this.record(employee, 'Deleted');
    this.tell({ kind: 'deleted', employeeId: id, before: this.look(employee), at: this.clock.now() });
  }

  /** Moves a record's change stamp into the past: for a generated company, where nothing changed just now. */
  backdate(employee: Employee, at: number): void {
    employee.lastChanged = at;
    this.feed.record(employee.id, this.feed.actionOf(employee.id) ?? 'Updated', at);
  }

  /** What a person enters by hand may be new to a list; a manager has to be there. */
  private checkJob(job: JobDetails): void {
    if (job.managerId !== undefined && job.managerId !== null) this.get(job.managerId);
    for (const alias of LISTED) if (job[alias]) this.lists[alias].ensure(job[alias], this.clock.now());
  }

  private look(employee: Employee): Look {
    // Nobody listens while a company is generated: then the copies would be for nothing.
    return { employee: this.listeners.length === 0 ? employee : copyOf(employee), day: this.rolledOverTo };
  }

  /** Dated rows take effect, each on its day; by switch that marks the employee as changed. */
  private rollOver(today: string): void {
    const from = this.rolledOverTo;
    this.rolledOverTo = today;
    if (!this.switches.rolloverBumpsLastChanged && this.listeners.length === 0) return;
    for (const employee of this.employees.values()) {
      const days = [...new Set(dueDays(employee))].filter((day) => day > from && day <= today).sort();
      if (days.length === 0) continue;
      if (this.switches.rolloverBumpsLastChanged) this.record(employee, 'Updated');
      this.tellOfDays(employee, from, days);
    }
  }

  private tellOfDays(employee: Employee, from: string, days: readonly string[]): void {
    let day = from;
    for (const next of days) {
      const looks = { before: { employee, day }, after: { employee, day: next } };
      this.tell({ kind: 'updated', employeeId: employee.id, ...looks, at: this.clock.now() });
      day = next;
    }
  }

  private tell(event: CompanyEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private record(employee: Employee, action: ChangeAction): void {
    employee.lastChanged = this.clock.now();
    this.managers = undefined;
    this.feed.record(employee.id, action, employee.lastChanged);
  }
}
