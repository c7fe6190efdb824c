import type { WebhookDefinition, WebhookEvent } from '../../world/webhooks.js';
import type { World } from '../../world/world.js';

/** A nested value as PHP writes it in a form: `data[changedFields][0]=firstName`. */
const formEntries = (value: unknown, name: string): [string, string][] => {
  if (typeof value !== 'object' || value === null) return [[name, value === null ? '' : String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => formEntries(inner, name === '' ? key : `${name}[${key}]`));
};

const encode = (format: WebhookDefinition['format'], value: object): string =>
  format === 'json' ? JSON.stringify(value) : new URLSearchParams(formEntries(value, '')).toString();

const timestampOf = ({ clock, switches }: World): string => {
  const seconds = new Date(clock.now()).toISOString().slice(0, 19);
  return switches.webhookTimestamp === 'offset' ? `${seconds}+0000` : `${seconds}Z`;
};

/** `{"type":"employee.updated","timestamp":…,"data":{"companyId","employeeId","changedFields"}}` */
export const eventBody = (
  world: World,
  { format }: WebhookDefinition,
  type: WebhookEvent,
  data: { readonly employeeId?: string; readonly changedFields?: readonly string[] },
): string =>
  encode(format, { type, timestamp: timestampOf(world), data: { companyId: world.company.companyId, ...data } });

/** One employee of a field-based body. */
export interface FieldItem {
  readonly id: string;
  readonly action: 'Created' | 'Updated' | 'Deleted';
  readonly timestamp: string;
  readonly changedFields: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
}

export const fieldItem = (
  world: World,
  id: string,
  action: FieldItem['action'],
  changedFields: readonly string[] = [],
  values: Readonly<Record<string, string>> = {},
): FieldItem => {
  const isWrapped = world.switches.webhookFieldValues === 'wrapped';
  const fields = Object.entries(values).map(([name, value]) => [name, isWrapped ? { value } : value]);
  return { id, action, timestamp: timestampOf(world), changedFields, fields: Object.fromEntries(fields) };
};

/** In JSON a list of employees, in a form a map by id. */
export const fieldBody = ({ format }: WebhookDefinition, items: readonly FieldItem[]): string =>
  format === 'json'
    ? encode(format, { employees: items })
    : encode(format, { employees: Object.fromEntries(items.map(({ id, ...item }) => [id, item])) });
