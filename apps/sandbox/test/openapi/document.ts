import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

export interface Media {
  readonly schema?: object;
}

export interface ResponseSpec {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Media>>;
}

export interface ParameterSpec {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required?: boolean;
  readonly schema?: object;
}

export interface OperationSpec {
  readonly operationId: string;
  readonly parameters?: readonly ParameterSpec[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, ResponseSpec>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationSpec>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, ParameterSpec>>; readonly schemas: object };
}

/** BambooHR's own document, as far as the sandbox serves it. */
export const document = parse(readFileSync(new URL('./bamboohr.yaml', import.meta.url), 'utf8')) as Document;

const ID = 'bamboohr';
const ajv = new Ajv2020({ strict: false, allErrors: true, schemas: [{ ...document, $id: ID }] });
addFormats.default(ajv);

/** A part of the document as a check of values. @param pointer e.g. `/components/schemas/Report` */
export const checkAt = (pointer: string): ValidateFunction => {
  const check = ajv.getSchema(`${ID}#${encodeURI(pointer)}`);
  if (!check) throw new Error(`the document has no ${pointer}`);
  return check as ValidateFunction;
};

const escapePointer = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');

/** The path of a part of the document. */
export const pointerOf = (...parts: readonly string[]): string =>
  parts.map((part) => `/${escapePointer(part)}`).join('');

export interface DocumentedOperation {
  readonly method: string;
  /** As the document writes it, e.g. `/api/v1/employees/{id}`. */
  readonly path: string;
  readonly spec: OperationSpec;
}

export const operations: readonly DocumentedOperation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, spec]) => ({ method: method.toUpperCase(), path, spec })),
);

export const resolveParameter = (parameter: ParameterSpec): ParameterSpec => {
  const name = parameter.$ref?.split('/').at(-1);
  return name === undefined ? parameter : (document.components.parameters[name] ?? parameter);
};

const matcherOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);

const literals = (path: string): number => path.split('/').filter((part) => !part.startsWith('{')).length;

const MATCHERS = [...operations]
  .sort((one, other) => literals(other.path) - literals(one.path))
  .map((operation) => ({ operation, matches: matcherOf(operation.path) }));

/**
 * What the document calls this: `undefined` for a call that it doesn't know. A path without parameters goes before one
 * with, whatever its methods: `POST /employees/changed` updates nobody. @param path from `/api/v…` on
 */
export const operationOf = (method: string, path: string): DocumentedOperation | undefined => {
  const find = (wanted: string): DocumentedOperation | undefined => {
    const first = MATCHERS.find(({ matches }) => matches.test(wanted))?.operation.path;
    return operations.find((operation) => operation.path === first && operation.method === method);
  };
  const plain = path.replace(/\/$/, '');
  // Other versions take the calls that were not changed since v1.
  return find(plain) ?? find(plain.replace(/^\/api\/v\d(_\d)?\//, '/api/v1/'));
};
