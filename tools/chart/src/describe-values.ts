import { isMap, isScalar, parse, parseDocument, type Document, type Node, type Pair, type YAMLMap } from 'yaml';

export type Schema = Readonly<Record<string, unknown>>;

/** One value of the chart, as its comment describes it. */
export interface ValueDescription {
  /** Such as `image.tag`. */
  readonly path: string;
  readonly description: string;
  /** As it stands in values.yaml. */
  readonly fallback: unknown;
  readonly schema: Schema;
}

/** What values.yaml says of its values by comments: `# -- description` and, where types say too little, `# @schema {…}`. */
export interface ValuesDescription {
  readonly values: readonly ValueDescription[];
  readonly schema: Schema;
  /** Values without a comment. */
  readonly faults: readonly string[];
}

interface Comment {
  readonly description?: string;
  readonly schema: Schema;
}

const readComment = (text: string): Comment => {
  const lines = text.split('\n').map((line) => line.trim());
  const description = lines.find((line) => line.startsWith('-- '))?.slice(3);
  const schema = lines.find((line) => line.startsWith('@schema '))?.slice('@schema '.length);
  return {
    ...(description === undefined ? {} : { description }),
    schema: schema === undefined ? {} : (parse(schema) as Schema),
  };
};

/** The comment before a map's first key belongs to the map where the parser is concerned. */
const commentOf = (map: YAMLMap, pair: Pair, index: number): Comment => {
  const key = pair.key as Node;
  return readComment(key.commentBefore ?? (index === 0 ? (map.commentBefore ?? '') : ''));
};

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return 'integer';
  return typeof value;
};

/** Comments on keys inside make a map a group of values of its own; else it is one value. */
const hasDescriptions = (node: unknown): node is YAMLMap =>
  isMap(node) &&
  node.items.some((pair, index) => {
    const { description } = commentOf(node, pair, index);
    return description !== undefined || hasDescriptions(pair.value);
  });

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key));

/** Describes the keys of a map; the answer is its schema. */
const describeMap = (
  map: YAMLMap,
  path: readonly string[],
  out: { readonly document: Document; readonly values: ValueDescription[]; readonly faults: string[] },
): Schema => {
  const properties: Record<string, Schema> = {};
  map.items.forEach((pair, index) => {
    const key = keyOf(pair);
    const here = [...path, key];
    const { description, schema: told } = commentOf(map, pair, index);
    const node = pair.value as Node;
    if (hasDescriptions(node)) {
      const inner = describeMap(node, here, out);
      properties[key] = {
        ...(description === undefined ? {} : { description }),
        ...inner,
        ...told,
        properties: { ...(told['properties'] as Schema), ...(inner['properties'] as Schema) },
      };
      return;
    }
    const fallback = node.toJS(out.document) as unknown;
    if (description === undefined) out.faults.push(here.join('.'));
    const schema = { description: description ?? '', type: typeOf(fallback), ...told };
    properties[key] = schema;
    out.values.push({ path: here.join('.'), description: description ?? '', fallback, schema });
  });
  return { type: 'object', additionalProperties: false, properties };
};

/** Which groups must be there, on all levels: a null takes a whole group away, which no template could work with. */
const requiredGroups = (map: YAMLMap): Schema => {
  const groups = map.items.flatMap((pair) => (hasDescriptions(pair.value) ? [[keyOf(pair), pair.value] as const] : []));
  if (groups.length === 0) return {};
  return {
    required: groups.map(([key]) => key),
    properties: Object.fromEntries(groups.map(([key, group]) => [key, requiredGroups(group)])),
  };
};

export const describeValues = (yaml: string): ValuesDescription => {
  const document = parseDocument(yaml);
  const contents = document.contents as unknown as YAMLMap;
  const values: ValueDescription[] = [];
  const faults: string[] = [];
  const { properties, ...root } = describeMap(contents, [], {
    document,
    values,
    faults,
  });
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the Portico chart',
    ...root,
    // What Helm gives a chart that is part of another one.
    properties: { global: { type: 'object' }, ...(properties as Schema) },
    // Beside the properties, to which pools refer: a pool need not say everything.
    allOf: [requiredGroups(contents)],
  };
  return { values, faults, schema };
};
