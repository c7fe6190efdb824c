import { buildAsyncApi } from './async-api.js';
import { realmSchema } from './realm-schema.js';
import { buildSchemas } from './schemas.js';

const fileName = (className: string): string =>
  className
    .replace(/V(\d+)$/, '.v$1')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();

/** What stands in `schemas/`: made from the classes, committed for consumers in any language. */
export const committedFiles = (): { readonly name: string; readonly text: string }[] =>
  [
    ...Object.entries(buildSchemas()).map(([name, schema]) => ({
      name: `${fileName(name)}.schema.json`,
      value: schema,
    })),
    { name: 'asyncapi.json', value: buildAsyncApi() },
    { name: 'realm.yaml.json', value: realmSchema },
  ].map(({ name, value }) => ({ name, text: `${JSON.stringify(value, null, 2)}\n` }));
