import type { Answer, Call } from '../http/call.js';
import type { Portal } from '../world/portal.js';
import type { Realm } from '../world/realm.js';

export type Json = Readonly<Record<string, unknown>>;

/** A call of a portal's API with the right keys; `body` is an object or, without a body, empty. */
export interface PortalCall extends Omit<Call, 'body'> {
  readonly realm: Realm;
  readonly portal: Portal;
  readonly body: Json;
}

export type PortalHandler = (call: PortalCall) => Answer;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object in a capitalised envelope, e.g. `{"User": {…}}`. */
export const unwrap = ({ body }: PortalCall, envelope: string): Json | undefined => {
  const inner = body[envelope];
  return isObject(inner) ? inner : undefined;
};

/** `undefined` is absent; a number counts as its digits. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

export const textOrNull = (value: unknown): string | null => textOf(value) || null;

/** A whole number, as digits or as JSON's number; undefined for anything else. */
export const numberOf = (value: unknown): number | undefined => {
  const text = textOf(value);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};

/** An optional property, left out where there is no value. */
export const given = <Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };

/** `undefined` when the body says nothing, `null` when it empties. */
export const nullable = (body: Json, key: string): string | null | undefined =>
  key in body ? textOrNull(body[key]) : undefined;

/** What the query asks for as a number; -1, which nothing has, for what is no number. */
export const wanted = ({ query }: Pick<Call, 'query'>, key: string): number | undefined =>
  query.has(key) ? (numberOf(query.get(key)) ?? -1) : undefined;

/** Real and string booleans are both in use. */
export const booleanOf = (value: unknown): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 1 || value === '1') return true;
  return value === 'false' || value === 0 || value === '0' ? false : undefined;
};

export const idIn = ({ params }: Pick<Call, 'params'>): number =>
  /^\d+$/.test(params['id'] ?? '') ? Number(params['id']) : -1;
