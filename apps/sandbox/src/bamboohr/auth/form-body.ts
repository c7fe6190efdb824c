import type { Call } from '../../http/call.js';
import { jsonObjectIn } from '../request.js';

/** The body's values, sent as a form or as JSON: both are seen. */
export const formOrJsonIn = (call: Call): URLSearchParams => {
  if (!(call.headers['content-type'] ?? '').includes('json')) return new URLSearchParams(call.body.toString());
  const body = jsonObjectIn(call) ?? {};
  const texts = Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return new URLSearchParams(texts);
};
