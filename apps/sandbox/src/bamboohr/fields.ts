import { CATALOGUE } from './field-catalogue.js';
import type { Snapshot } from './snapshot.js';

/** `null` is unset; each endpoint has its own way to write that. */
export type FieldValue = string | boolean | null;

export interface Field {
  readonly alias: string;
  /** Has no alias on the wire, as some custom fields: it is asked for by number. */
  readonly unaliased?: true;
  /** A dotted text for a part of a field; absent for calculated fields, which can be asked for but are not listed. */
  readonly id?: number | string;
  readonly name: string;
  readonly type: string;
  readonly group: 'name' | 'contact' | 'job' | 'custom' | 'photo' | 'pay' | 'other';
  /** Of the dated rows that it comes from. */
  readonly table?: string;
  readonly deprecated?: true;
  /** The alias whose permission counts, for a second name of the same field. */
  readonly same?: string;
  readonly read: (snapshot: Snapshot) => FieldValue;
  /** Where a report shows something else. */
  readonly readReport?: (snapshot: Snapshot) => FieldValue;
  /** Of a table with several rows a person: a report then has several rows a person. */
  readonly readRows?: (snapshot: Snapshot) => readonly FieldValue[];
}

export interface RequestedField {
  readonly field: Field;
  /** As it was asked for: an alias or a number. */
  readonly asked: string;
}

const byAlias = new Map(CATALOGUE.filter(({ unaliased }) => !unaliased).map((field) => [field.alias, field]));
const byId = new Map(CATALOGUE.filter(({ deprecated }) => !deprecated).map((field) => [String(field.id), field]));

/** By alias or number. */
export const fieldNamed = (name: string): Field | undefined => byAlias.get(name) ?? byId.get(name);

export const isHidden = ({ alias, same = alias }: Field, hidden: ReadonlySet<string>): boolean =>
  hidden.has(alias) || hidden.has(same);

/** The fields that exist and may be seen, in the order asked for; the others drop out without a word. */
export const knownFields = (asked: readonly string[], hidden: ReadonlySet<string>): RequestedField[] =>
  asked.flatMap((name) => {
    const field = fieldNamed(name);
    return field && !isHidden(field, hidden) ? [{ field, asked: name }] : [];
  });

/** What GET /meta/fields shows: no calculated fields. */
export const listedFields = (hidden: ReadonlySet<string>): readonly Field[] =>
  CATALOGUE.filter((field) => field.id !== undefined && !isHidden(field, hidden));

/** What a webhook can watch: neither calculated fields, such as terminationDate, nor tables of the customer's. */
export const MONITORED: readonly Field[] = CATALOGUE.filter(
  ({ id, deprecated, readRows }) => typeof id === 'number' && id > 0 && !deprecated && !readRows,
);

export const UNSET_DATE = '0000-00-00';
export const MOST_FIELDS = 400;
