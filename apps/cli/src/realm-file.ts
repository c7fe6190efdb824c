import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';
import type { Fault } from './api-client.js';

export interface Position {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface PlacedFault {
  readonly position: Position;
  readonly path: string;
  readonly message: string;
}

export type RealmFile =
  | { readonly ok: false; readonly faults: readonly PlacedFault[] }
  | {
      readonly ok: true;
      /** `undefined` where it is no name of one. */
      readonly tenant: string | undefined;
      readonly document: object;
      place(fault: Fault): PlacedFault;
    };

const START: Position = { line: 1, column: 1 };
const SLUG = /^[a-z0-9-]{1,40}$/;

interface Step {
  /** Where it is written: a key, or an item of a list. */
  readonly at: Node | undefined;
  readonly node: Node | undefined;
}

const asNode = (value: unknown): Node | undefined => (value as Node | null) ?? undefined;

const inMap = (map: Node, name: string): Step | undefined => {
  if (!isMap(map)) return undefined;
  const pair = map.items.find(({ key }) => String(isScalar(key) ? key.value : key) === name);
  return pair ? { at: asNode(pair.key), node: asNode(pair.value) } : undefined;
};

/** An item by its index, or a portal by its name. */
const inList = (list: Node, name: string): Step | undefined => {
  if (!isSeq(list)) return undefined;
  const item = list.items.find((each) => isMap(each) && each.get('portal') === name) ?? list.items[Number(name)];
  return item === undefined || isPair(item) ? undefined : { at: asNode(item), node: asNode(item) };
};

/**
 * The node that a path such as `learnupon.portals.emea.audience` names, or the nearest one above it that is there.
 * A key may itself hold dots: the longest that is there wins.
 */
const find = (node: Node, names: readonly string[]): Node | undefined => {
  for (let length = names.length; length > 0; length--) {
    const name = names.slice(0, length).join('.');
    const step = inMap(node, name) ?? inList(node, name);
    if (step) return (step.node && find(step.node, names.slice(length))) ?? step.at;
  }
  return undefined;
};

const positionOf = (lines: LineCounter, node: Node | undefined): Position => {
  const offset = node?.range?.[0];
  if (offset === undefined) return START;
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
};

/** One slip of the pen has many faults of syntax follow from it. */
const MOST_SYNTAX_FAULTS = 3;

const sentenceOf = (message: string): string =>
  message.startsWith('Source contains multiple documents') ? 'begins a second document: a file is one realm' : message;

const syntaxFaults = (document: Document.Parsed): PlacedFault[] =>
  document.errors.slice(0, MOST_SYNTAX_FAULTS).map(({ message, linePos }) => ({
    position: linePos ? { line: linePos[0].line, column: linePos[0].col } : START,
    path: '',
    message: sentenceOf((message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:$/, '')),
  }));

type Value = { readonly document: { readonly tenant?: unknown } } | Fault;

const valueOf = (document: Document.Parsed): Value => {
  if (hasKey(document, '__proto__')) return { path: '', message: 'no key may be called __proto__' };
  try {
    return { document: document.toJS() as { tenant?: unknown } };
  } catch (error) {
    // Aliases of aliases: a short file may stand for one that fills the memory.
    if (error instanceof ReferenceError)
      return { path: '', message: 'has too many aliases: write out what they stand for' };
    throw error;
  }
};

const hasKey = (document: Document.Parsed, name: string): boolean => {
  let isThere = false;
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === name) isThere = true;
    },
  });
  return isThere;
};

/** Reads realm.yaml far enough to send it, and to say later in which line a fault is. */
export const readRealmFile = (text: string): RealmFile => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const faults = syntaxFaults(document);
  if (faults.length > 0) return { ok: false, faults };
  const { contents } = document;
  const place = ({ path, message }: Fault): PlacedFault => ({
    position: positionOf(lines, contents && path !== '' ? find(contents, path.split('.')) : undefined),
    path,
    message,
  });
  if (!isMap(contents)) {
    return { ok: false, faults: [place({ path: '', message: 'is no realm: begin with "tenant: <name>"' })] };
  }
  const value = valueOf(document);
  if ('message' in value) return { ok: false, faults: [place(value)] };
  const { tenant } = value.document;
  const isName = typeof tenant === 'string' && SLUG.test(tenant);
  return { ok: true, tenant: isName ? tenant : undefined, document: value.document, place };
};

/** `acme.realm.yaml:12:5: learnupon.portals.emea.audience: …`, in the order of the file. */
export const formatFaults = (file: string, faults: readonly PlacedFault[]): string =>
  faults
    .toSorted((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
    .map(({ position: { line, column }, path, message }) =>
      [`${file}:${line}:${column}`, path, message].filter((part) => part !== '').join(': '),
    )
    .join('\n');
