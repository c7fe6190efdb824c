import { CLOSED_DEPARTMENT, DEPARTMENTS, EMPLOYMENT_STATUSES, PLACES } from './places.js';

export interface Option {
  readonly id: number;
  readonly name: string;
  /** Milliseconds since 1970; null while it is in use. */
  archivedAt: number | null;
  /** Milliseconds since 1970; null for what was there from the start. */
  readonly createdAt: number | null;
}

export type ListAlias = 'department' | 'division' | 'location' | 'jobTitle' | 'employmentHistoryStatus';

/** Two employment statuses are BambooHR's own; a customer can change all the others. */
export const PERMANENT_OPTIONS: ReadonlySet<string> = new Set(['Contractor', 'Terminated']);

/** One list of values of the company, such as its departments. */
export class OptionList {
  private readonly byName = new Map<string, Option>();

  constructor(
    readonly alias: ListAlias,
    private nextId: number,
    names: readonly string[],
  ) {
    for (const name of names) this.ensure(name, null);
  }

  /** In whatever case, as BambooHR compares what is written. */
  find(name: string): Option | undefined {
    return this.byName.get(name.toLowerCase());
  }

  idOf(name: string | null | undefined): string | null {
    const option = name ? this.find(name) : undefined;
    return option ? String(option.id) : null;
  }

  ensure(name: string, createdAt: number | null): void {
    if (this.byName.has(name.toLowerCase())) return;
    this.byName.set(name.toLowerCase(), { id: this.nextId, name, archivedAt: null, createdAt });
    this.nextId += 1;
  }

  /** No longer offered; history keeps it. */
  archive(name: string, at: number): void {
    this.ensure(name, null);
    const option = this.find(name);
    if (option) option.archivedAt = at;
  }

  all(): readonly Option[] {
    return [...this.byName.values()];
  }
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

export type OptionLists = Readonly<Record<ListAlias, OptionList>>;

const ARCHIVED_AT = Date.UTC(2024, 0, 31, 17);

const withClosed = (departments: OptionList): OptionList => {
  departments.archive(CLOSED_DEPARTMENT, ARCHIVED_AT);
  return departments;
};

export const createOptionLists = (): OptionLists => ({
  department: withClosed(new OptionList('department', 18_100, unique(DEPARTMENTS.map(({ name }) => name)))),
  division: new OptionList('division', 18_300, unique(PLACES.map(({ division }) => division))),
  location: new OptionList('location', 18_500, unique(PLACES.map(({ location }) => location))),
  jobTitle: new OptionList('jobTitle', 18_700, unique(DEPARTMENTS.flatMap(({ titles }) => titles))),
  employmentHistoryStatus: new OptionList('employmentHistoryStatus', 19_900, EMPLOYMENT_STATUSES),
});
