const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

const attributesText = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');

/** An element; `content` is XML already. */
export const element = (name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string =>
  content === ''
    ? `<${name}${attributesText(attributes)}/>`
    : `<${name}${attributesText(attributes)}>${content}</${name}>`;

/** `<field id="…">text</field>`, the shape of nearly everything. */
export const fieldElement = (
  id: string | number,
  value: unknown,
  attributes: Readonly<Record<string, string>> = {},
): string =>
  element('field', { id, ...attributes }, value === null || value === undefined ? '' : escapeXml(String(value)));

export const XML_HEAD = '<?xml version="1.0"?>\n';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const unescapeXml = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|apos);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  );

const TAG = /<(\/?)([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [name, unescapeXml(double ?? single ?? '')]),
  );

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Reads a small document without DTD or CDATA. @returns undefined when it is malformed. */
export const parseXml = (document: string): XmlElement | undefined => {
  const source = document.replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, '').replace(/<!--[\s\S]*?-->/g, '');
  const top: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open: OpenElement[] = [top];
  let position = 0;
  while (position < source.length) {
    const inner = open.at(-1) ?? top;
    const tagAt = source.indexOf('<', position);
    inner.text += unescapeXml(source.slice(position, tagAt < 0 ? source.length : tagAt));
    if (tagAt < 0) break;
    TAG.lastIndex = tagAt;
    const tag = TAG.exec(source);
    if (!tag) return undefined;
    const [whole, closing, name = '', attributes = '', selfClosing] = tag;
    if (closing) {
      if (inner === top || inner.name !== name) return undefined;
      open.pop();
    } else {
      const next: OpenElement = { name, attributes: attributesOf(attributes), children: [], text: '' };
      inner.children.push(next);
      if (!selfClosing) open.push(next);
    }
    position = tagAt + whole.length;
  }
  const [root, ...others] = top.children;
  return open.length === 1 && others.length === 0 && top.text.trim() === '' ? root : undefined;
};
