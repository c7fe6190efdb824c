import type { FieldDescription } from './bamboohr.client.js';
import { malformed } from './classify-failure.js';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined =>
  (typeof value === 'string' || typeof value === 'number') && String(value) !== '' ? String(value) : undefined;

/** What rules and mappings can name: aliases of before 2023 may hold other characters, and go by their number. */
const NAME = /^([A-Za-z][A-Za-z0-9_]{0,99}|\d+(\.\d+)?)$/;

/** Calculated fields can be asked for and are not listed. */
const CALCULATED: readonly FieldDescription[] = [
  { name: 'id', label: 'Employee ID', type: 'text' },
  { name: 'displayName', label: 'Display name', type: 'text' },
  { name: 'fullName1', label: 'First name Last name', type: 'text' },
  { name: 'fullName2', label: 'Last name, First name', type: 'text' },
  { name: 'fullName3', label: 'Full name 3', type: 'text' },
  { name: 'fullName4', label: 'Full name 4', type: 'text' },
  { name: 'fullName5', label: 'Full name 5', type: 'text' },
  { name: 'bestEmail', label: 'Best e-mail', type: 'email' },
  { name: 'supervisor', label: 'Manager', type: 'employee' },
  { name: 'supervisorId', label: "Manager's employee number", type: 'text' },
  { name: 'supervisorEId', label: "Manager's employee ID", type: 'text' },
  { name: 'supervisorEmail', label: "Manager's e-mail", type: 'email' },
  { name: 'lastChanged', label: 'Last changed', type: 'timestamp' },
  { name: 'photoUploaded', label: 'Photo uploaded', type: 'bool' },
  { name: 'isPhotoUploaded', label: 'Photo uploaded', type: 'bool' },
];

/** The answers of `GET /v1/meta/fields` and `GET /v1/meta/lists` together; by name. */
export const describeFields = (operation: string, fields: unknown, lists: unknown): readonly FieldDescription[] => {
  if (!Array.isArray(fields)) throw malformed(operation, 'no list of fields');
  const options = optionsById(lists);
  const listed = (fields as readonly unknown[]).filter(isObject).flatMap((field) => describe(field, options));
  // An alias that is retired stands beside the one that replaced it, with the same number; both can be asked for.
  return [...new Map([...CALCULATED, ...listed].map((field) => [field.name, field])).values()].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
};

const describe = (field: Json, options: ReadonlyMap<string, readonly string[]>): FieldDescription[] => {
  const id = textOf(field['id']);
  const alias = textOf(field['alias']);
  const name = [alias, id].find((one) => one !== undefined && NAME.test(one));
  if (name === undefined) return [];
  const values = options.get(id ?? '');
  return [
    {
      name,
      ...(id !== undefined && id !== name && NAME.test(id) ? { id } : {}),
      label: textOf(field['name']) ?? name,
      type: textOf(field['type']) ?? 'text',
      ...(values === undefined ? {} : { options: values }),
    },
  ];
};

const optionsById = (lists: unknown): ReadonlyMap<string, readonly string[]> =>
  new Map(
    (Array.isArray(lists) ? (lists as readonly unknown[]) : []).filter(isObject).flatMap((list) => {
      const id = textOf(list['fieldId']);
      const options = Array.isArray(list['options']) ? (list['options'] as readonly unknown[]).filter(isObject) : [];
      const names = options.flatMap(({ name }) => textOf(name) ?? []);
      return id === undefined || names.length === 0 ? [] : [[id, names] as const];
    }),
  );
