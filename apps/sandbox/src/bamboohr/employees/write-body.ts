import { isObject, parseJson, textFrom, type BambooCall } from '../request.js';
import { parseXml } from '../xml.js';

/** What is to be written, by the names that the caller gave; null clears. */
export type Values = ReadonlyMap<string, string | null>;

const textOf = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(textFrom).join(',');
  // An amount of money: {"currency", "value"}.
  if (isObject(value)) return textOf(value['value']);
  return textFrom(value);
};

const jsonValues = (call: BambooCall): Values | undefined => {
  const body = parseJson(call);
  if (!isObject(body)) return undefined;
  return new Map(Object.entries(body).map(([name, value]) => [name, textOf(value)]));
};

/** `<employee>` or `<row>` with `<field id="…">text</field>`. */
const xmlValues = ({ body }: BambooCall, root: string): Values | undefined => {
  const document = parseXml(body.toString());
  if (document?.name !== root) return undefined;
  const fields = document.children.filter(({ name }) => name === 'field');
  return new Map(fields.map(({ attributes, text }) => [attributes['id'] ?? '', text]));
};

/** JSON where the Content-Type says so, else XML. @returns undefined when it is malformed */
export const valuesIn = (call: BambooCall, root: 'employee' | 'row'): Values | undefined =>
  (call.headers['content-type'] ?? '').includes('json') ? jsonValues(call) : xmlValues(call, root);
