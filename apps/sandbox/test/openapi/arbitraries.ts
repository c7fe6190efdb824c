import fc, { type Arbitrary } from 'fast-check';
import { document, resolveParameter, type DocumentedOperation, type ParameterSpec } from './document.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const resolve = (schema: Schema): Schema => {
  const name = schema.$ref?.split('/').at(-1);
  const { schemas } = document.components as { schemas: Readonly<Record<string, Schema>> };
  return name === undefined ? schema : (schemas[name] ?? {});
};

/** Words that mean something to the sandbox, so that a call gets further than its door. */
const WORDS = fc.constantFrom(
  ...['firstName', 'lastName', 'workEmail', 'department', 'Sales', 'Legal', 'hireDate', 'status', 'Active', 'eeid'],
  ...[
    'jobInformationDepartment',
    'customCertification',
    'employee.updated',
    'employee_with_fields.created',
    '4',
    '-38',
  ],
  ...[
    'https://app.example/hook',
    'Terminated',
    'supervisor',
    'customShirtsize',
    '0000-00-00',
    '2026-11-02',
    'a@b.example',
  ],
  ...['__proto__', 'constructor', 'toString', '', ' ', '%00', '‮', '𝔘', "' or 1 eq 1", '<x/>', ']]>'],
);
const DAY = fc.constantFrom('2026-11-02', '2024-02-29', '2026-02-30', '1900-01-01', '9999-12-31', 'today');
const MOMENT = fc.constantFrom(
  '2026-11-02T09:00:00Z',
  '2011-06-05T00:00:00%2B0000',
  '2026-11-02T09:00:00+01:00',
  'now',
);
const NUMBER = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.constantFrom(1e308, -1, 0.5, 2 ** 53));

const textFor = ({ format }: Schema): Arbitrary<string> => {
  if (format === 'date') return DAY;
  return format === 'date-time' ? MOMENT : fc.oneof(WORDS, fc.string({ maxLength: 12 }));
};

const ofType = (type: string | undefined, schema: Schema, depth: number): Arbitrary<unknown> => {
  switch (type) {
    case 'string':
      return textFor(schema);
    case 'integer':
    case 'number':
      return NUMBER;
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueFor(schema.items ?? {}, depth + 1), { maxLength: 4 });
    case 'object':
      return objectFor(schema, depth);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
};

const objectFor = ({ properties = {}, additionalProperties }: Schema, depth: number): Arbitrary<unknown> => {
  const known = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valueFor(each, depth + 1)]));
  const extra = typeof additionalProperties === 'object' ? additionalProperties : {};
  const more = fc.dictionary(WORDS, valueFor(extra, depth + 1), { maxKeys: 3 });
  return fc.tuple(fc.record(known, { requiredKeys: [] }), more).map(([own, others]) => ({ ...others, ...own }));
};

/** Values that the schema allows, and now and then one that it does not. */
const valueFor = (given: Schema, depth = 0): Arbitrary<unknown> => {
  if (depth > 5) return fc.constant(null);
  const schema = resolve(given);
  const options = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (options) return fc.oneof(...options.map((option) => valueFor(option, depth + 1)));
  if (schema.enum)
    return fc.oneof({ arbitrary: fc.constantFrom(...schema.enum), weight: 5 }, { arbitrary: WORDS, weight: 1 });
  const types = Array.isArray(schema.type) ? (schema.type as string[]) : [schema.type as string | undefined];
  const right = fc.oneof(...types.map((type) => ofType(type, schema, depth)));
  return fc.oneof({ arbitrary: right, weight: 12 }, { arbitrary: fc.jsonValue({ maxDepth: 1 }), weight: 1 });
};

const SEGMENT = fc.oneof(
  { arbitrary: fc.constantFrom('1', '2', '101', '21', '1275'), weight: 6 },
  {
    arbitrary: fc.constantFrom('0', 'all', '999999', '-1', '1e3', 'x', '%00', '..', '%2F', 'é', '__proto__'),
    weight: 2,
  },
);
const KNOWN_SEGMENTS: Readonly<Record<string, Arbitrary<string>>> = {
  datasetName: fc.constantFrom('employee', 'employee', 'payroll', 'constructor'),
  table: fc.constantFrom('jobInfo', 'employmentStatus', 'customCertifications', 'compensation', 'nothing', 'toString'),
  size: fc.constantFrom('small', 'original', 'huge'),
};

const pathFor = (path: string): Arbitrary<string> => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return fc.tuple(...names.map((name) => KNOWN_SEGMENTS[name] ?? SEGMENT)).map((values) => {
    let filled = path;
    for (const [index, name] of names.entries()) filled = filled.replace(`{${name}}`, values[index] ?? '');
    return filled;
  });
};

const DEEP: Readonly<Record<string, readonly string[]>> = {
  filter: ['filter[ids]', 'filter[ids][]', 'filter[status]', 'filter[firstName]', 'filter[workEmail]'],
  page: ['page[limit]', 'page[after]', 'page[before]', 'page'],
};

const queryFor = (parameters: readonly ParameterSpec[]): Arbitrary<string> => {
  const names = parameters.filter((each) => each.in === 'query').flatMap(({ name }) => DEEP[name] ?? [name]);
  const schemas = new Map(parameters.map(({ name, schema = {} }) => [name, schema]));
  const pairs = names.map((name) =>
    fc.option(
      valueFor(schemas.get(name) ?? { type: 'string' }).map((value) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  );
  return fc
    .tuple(...pairs)
    .map((values) => new URLSearchParams(values.filter((each) => each !== null) as string[][]).toString());
};

const ACCEPT = fc.constantFrom(
  'application/json',
  'application/xml',
  'text/xml',
  '*/*',
  'text/csv',
  'application/pdf',
  '',
);
const CONTENT_TYPE = fc.oneof(
  { arbitrary: fc.constant('application/json'), weight: 6 },
  { arbitrary: fc.constantFrom('application/json; charset=UTF-8', 'text/xml', 'text/plain', ''), weight: 2 },
);

export interface FuzzedCall {
  readonly method: string;
  readonly path: string;
  readonly accept: string;
  readonly contentType: string;
  readonly body: string | undefined;
}

/** Calls of an operation as its part of the document describes them, more or less. */
export const callsOf = ({ method, path, spec }: DocumentedOperation): Arbitrary<FuzzedCall> => {
  const schema = spec.requestBody?.content['application/json']?.schema as Schema | undefined;
  const json = valueFor(schema ?? {}).map((value) => JSON.stringify(value));
  const body =
    method === 'GET'
      ? fc.constant(undefined)
      : fc.oneof({ arbitrary: json, weight: 9 }, { arbitrary: fc.string(), weight: 1 });
  const query = queryFor((spec.parameters ?? []).map(resolveParameter));
  return fc
    .tuple(pathFor(path), query, ACCEPT, CONTENT_TYPE, body)
    .map(([filled, asked, accept, contentType, content]) => {
      return { method, path: asked === '' ? filled : `${filled}?${asked}`, accept, contentType, body: content };
    });
};
