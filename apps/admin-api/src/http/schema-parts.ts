import { CAUSE_KINDS } from '@portico/contracts';

/** JSON Schemas of the answers, for OpenAPI; the tests hold real answers against them. */
export type Schema = Readonly<Record<string, unknown>>;

export const string = { type: 'string' };
export const integer = { type: 'integer' };
export const moment = { type: 'string', format: 'date-time' };
export const day = { type: 'string', format: 'date' };
export const digest = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' };
export const revisionSum = { type: 'string', pattern: '^[0-9]+$' };
export const counts = { type: 'object', additionalProperties: integer };
export const list = (items: Schema) => ({ type: 'array', items });
export const sentences = list(string);
export const ref = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });
export const nullable = (schema: string) => ({ anyOf: [ref(schema), { type: 'null' }] });

export const object = (
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
) => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
});
export const causeRef = object({ kind: { enum: CAUSE_KINDS }, id: string });
export const page = (row: string, beside: Readonly<Record<string, Schema>> = {}) =>
  object(
    { rows: list(ref(row)), ...beside },
    { next: { ...string, description: 'Send it as `cursor` to get the next page' } },
  );

export const name = { type: ['string', 'null'], description: 'The employee; null where realm-policy did not say' };
