/** As much of JSON Schema as the descriptions need. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly oneOf?: readonly Schema[];
}

export interface Operation {
  readonly summary: string;
  readonly query?: Readonly<Record<string, Schema>>;
  readonly body?: Schema;
  /** A body that works in a small company, for whoever tries the call. */
  readonly example?: unknown;
  /** By default 200. */
  readonly status?: number;
  readonly answer: Schema;
}

/** By route, such as `POST /people/:id/move`. */
export type Operations = Readonly<Record<string, Operation>>;

export const text: Schema = { type: 'string' };
export const textOrNull: Schema = { type: ['string', 'null'] };
export const day: Schema = { type: 'string', format: 'date' };
export const dayOrNull: Schema = { type: ['string', 'null'], format: 'date' };
export const moment: Schema = { type: 'string', format: 'date-time' };
export const flag: Schema = { type: 'boolean' };
export const number: Schema = { type: 'number' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const countOrNull: Schema = { type: ['integer', 'null'], minimum: 0 };
export const share: Schema = { type: 'number', minimum: 0, maximum: 1 };
export const anything: Schema = {};

export const about = (schema: Schema, description: string): Schema => ({ ...schema, description });
export const oneOf = (...words: readonly unknown[]): Schema => ({ enum: words });
export const listOf = (items: Schema): Schema => ({ type: 'array', items });
export const mapOf = (additionalProperties: Schema): Schema => ({ type: 'object', additionalProperties });

/** What the API answers: every property is there. */
export const answerOf = (properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  additionalProperties: false,
});

/** What a caller sends: only what is `required` has to be there, and nothing else may. */
export const bodyOf = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
