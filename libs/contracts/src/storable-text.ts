/** PostgreSQL's jsonb holds neither U+0000 nor half of a surrogate pair, which an emoji cut in two leaves behind. */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** Only these escapes can bring one: text that is decoded as UTF-8 has none, and JSON allows no bare U+0000. */
const MAY_HOLD_ONE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/**
 * What somebody else wrote, as JSON: one name that can't be stored must not keep back everybody who is read with it.
 * U+0000 is left out, and half of a pair becomes U+FFFD.
 * @throws SyntaxError
 */
export const parseStorable = (json: string): unknown =>
  MAY_HOLD_ONE.test(json)
    ? JSON.parse(json, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value))
    : JSON.parse(json);

const storable = (text: string): string => (isStorable(text) ? text : text.replaceAll('\u0000', '').toWellFormed());
