import 'reflect-metadata';
import { createRequire } from 'node:module';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { OPEN_ENUM } from './open-enum.js';
import { samples } from './samples.js';

type Schema = Record<string, unknown>;

/** class-transformer keeps the types of nested objects where its public entry does not show them. */
const { defaultMetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/storage') as {
  defaultMetadataStorage: never;
};

/** An open enumeration must not become a closed `enum`: a consumer that validates would break on tomorrow's value. */
const openEnumConverter = {
  [OPEN_ENUM]: (meta: { constraints: unknown[] }) => ({ type: 'string', 'x-extensible-enum': meta.constraints[0] }),
};

/** `@IsOptional()` lets `null` pass as well as absence. */
const withNullableOptionals = (schema: Schema): Schema => {
  const required = new Set(schema['required'] as string[] | undefined);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const nullable = ([name, property]: [string, Schema]) =>
    required.has(name) ? [name, property] : [name, { anyOf: [property, { type: 'null' }] }];
  return { ...schema, properties: Object.fromEntries(properties.map(nullable)) as Schema };
};

const referencesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const ref = (value as Schema)['$ref'];
  const own = typeof ref === 'string' ? [ref.replace('#/$defs/', '')] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
};

const definitionsFor = (schema: unknown, all: Record<string, unknown>, found: Record<string, unknown> = {}): Schema => {
  for (const name of referencesIn(schema)) {
    if (name in found) continue;
    found[name] = all[name];
    definitionsFor(all[name], all, found);
  }
  return found;
};

/** JSON Schemas (2020-12) of everything that travels in a stream, by class name; they allow fields that they do not name. */
export const buildSchemas = (): Record<string, Schema> => {
  const generated = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: '#/$defs/',
    additionalConverters: openEnumConverter as never,
  }) as Record<string, Schema>;
  const all = Object.fromEntries(
    Object.entries(generated).map(([name, schema]) => [name, withNullableOptionals(schema)]),
  );
  return Object.fromEntries(
    samples.map(({ type, sample }) => {
      const schema = all[type.name] as Schema;
      const $defs = definitionsFor(schema, all);
      return [
        type.name,
        {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          title: type.name,
          ...schema,
          ...(Object.keys($defs).length > 0 ? { $defs } : {}),
          examples: [sample],
        },
      ];
    }),
  );
};
