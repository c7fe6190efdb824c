import { didYouMean } from '../nearest-name.js';

/** A field that the BambooHR account has. */
export interface KnownField {
  /** As rules and mappings name it: an alias, or a number. */
  readonly name: string;
  /** The number, where `name` is an alias: rules may name that too. */
  readonly id?: string;
  /** As people see it in BambooHR. */
  readonly label?: string;
  /** BambooHR's word: `text`, `list`, `date`, `bool`, … */
  readonly type?: string;
  /** The values of a list. */
  readonly options?: readonly string[];
}

/** The fields of one BambooHR account, by name. */
export class FieldCatalogue {
  private readonly byName: ReadonlyMap<string, KnownField>;

  constructor(fields: readonly KnownField[]) {
    const byId = fields.flatMap((field) => (field.id === undefined ? [] : [[field.id, field] as const]));
    this.byName = new Map([...byId, ...fields.map((field) => [field.name, field] as const)]);
  }

  get(name: string): KnownField | undefined {
    return this.byName.get(name);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** What may be meant by a name that no field has. */
  hintFor(name: string): string {
    const labelled = [...this.byName.values()].find(({ label }) => label?.toLowerCase() === name.toLowerCase());
    return labelled ? `; "${labelled.label}" is the field ${labelled.name}` : didYouMean(name, this.names);
  }

  private get names(): string[] {
    return [...this.byName.keys()];
  }
}
