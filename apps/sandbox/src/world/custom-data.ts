/** The kinds of custom user data, by LearnUpon's type_id. */
export const CUSTOM_TYPES = {
  string: 1,
  decimal: 2,
  integer: 3,
  'string-choice': 4,
  'decimal-choice': 5,
  'integer-choice': 6,
  date: 7,
} as const;

export type CustomType = keyof typeof CUSTOM_TYPES;

export interface CustomDefinition {
  /** Differs from portal to portal, also for the same label. */
  readonly id: number;
  readonly label: string;
  readonly type: CustomType;
  /** What a choice may be. */
  readonly choices: readonly string[];
  /** The label as LearnUpon writes it on read: lower case, spaces as underscores. */
  readonly key: string;
  /** The same as JSON. */
  readonly jsonKey: string;
}

export const readKey = (label: string): string => label.toLowerCase().replaceAll(' ', '_');

/** Labels on write match whatever their case and spaces. */
const looseKey = (label: string): string => label.toLowerCase().replace(/[\s_]+/g, '');

const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};

const isOfType = ({ type, choices }: CustomDefinition, text: string): boolean => {
  if (type === 'string') return true;
  if (type === 'decimal') return /^-?\d+(\.\d+)?$/.test(text);
  if (type === 'integer') return /^-?\d+$/.test(text);
  if (type === 'date') return isDate(text);
  return choices.includes(text);
};

export interface CustomDataChange {
  /** By definition id; null clears. */
  readonly values: ReadonlyMap<number, string | null>;
  /** Labels whose value is of the wrong type or no choice. */
  readonly refused: readonly string[];
}

const asText = (value: unknown): string | null => {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
};

/** Reads a CustomData object of either write mode. Labels and ids without a definition are left out, as LearnUpon does. */
export const parseCustomData = (
  definitions: readonly CustomDefinition[],
  data: Record<string, unknown>,
): CustomDataChange => {
  const { use_definition_ids: byIds, ...entries } = data;
  const keyOf = byIds
    ? (definition: CustomDefinition) => String(definition.id)
    : ({ label }: CustomDefinition) => looseKey(label);
  const known = new Map(definitions.map((definition) => [keyOf(definition), definition]));
  const values = new Map<number, string | null>();
  const refused: string[] = [];
  for (const [name, value] of Object.entries(entries)) {
    const definition = known.get(byIds ? name : looseKey(name));
    if (!definition) continue;
    const text = asText(value);
    if (text === null || isOfType(definition, text)) values.set(definition.id, text);
    else refused.push(definition.label);
  }
  return { values, refused };
};
