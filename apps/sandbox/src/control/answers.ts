import type { Answer, Call } from '../http/call.js';
import { jsonAnswer } from '../http/call.js';
import type { World } from '../world/world.js';

export interface ControlCall extends Omit<Call, 'body'> {
  readonly world: World;
  /** Scheme, host and port by which the caller reached us. */
  readonly origin: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type ControlHandler = (call: ControlCall) => Answer;

/** What the caller did wrong, and what to do. */
export class BadRequest extends Error {}

export const clearError = (status: number, message: string): Answer => jsonAnswer({ error: message }, status);

type Body = ControlCall['body'];

/** @throws BadRequest when there is something else than a text, or than null where null clears */
export const textIn = (body: Body, key: string): string | undefined => {
  const value = body[key];
  if (value === undefined || typeof value === 'string') return value;
  throw new BadRequest(`"${key}" is a text`);
};

export const textOrNullIn = (body: Body, key: string): string | null | undefined =>
  body[key] === null ? null : textIn(body, key);

export const numberIn = (body: Body, key: string): number | undefined => {
  const value = body[key];
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw new BadRequest(`"${key}" is a number`);
};

/** @throws BadRequest when there is something else than true or false */
export const flagIn = (body: Body, key: string): boolean | undefined => {
  const value = body[key];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new BadRequest(`"${key}" is true or false`);
};

/** A list of texts; numbers count as texts. */
export const textsIn = (body: Body, key: string): string[] | undefined => {
  const value = body[key];
  if (value === undefined) return undefined;
  const isList = Array.isArray(value) && value.every((item) => ['string', 'number'].includes(typeof item));
  if (!isList) throw new BadRequest(`"${key}" is a list of texts`);
  return value.map(String);
};

/** One of some words. */
export const wordIn = <Word extends string>(body: Body, key: string, words: readonly Word[]): Word | undefined => {
  const text = textIn(body, key);
  if (text === undefined) return undefined;
  const word = words.find((each) => each === text);
  if (word === undefined) throw new BadRequest(`"${key}" is one of: ${words.join(', ')}`);
  return word;
};

export const dayIn = (body: Body, key: string): string | undefined => {
  const text = textIn(body, key);
  if (text === undefined) return undefined;
  try {
    return Temporal.PlainDate.from(text).toString();
  } catch {
    throw new BadRequest(`"${key}" is a day, YYYY-MM-DD`);
  }
};

/** @throws BadRequest that names what is not known, so that a slip of the pen doesn't pass for done */
export const onlyKeys = (body: Body, known: readonly string[]): void => {
  const unknown = Object.keys(body).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new BadRequest(`unknown: ${unknown.join(', ')}; known: ${known.join(', ')}`);
};
