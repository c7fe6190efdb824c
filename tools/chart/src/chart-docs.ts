import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { describeValues } from './describe-values.js';
import { chart } from './paths.js';
import { renderPage } from './render-page.js';

/** What is made from values.yaml, by the file's name in the chart. */
export const chartDocs = async (): Promise<Readonly<Record<string, string>>> => {
  const { values, schema } = describeValues(readFileSync(join(chart, 'values.yaml'), 'utf8'));
  return {
    'VALUES.md': await format(renderPage(values), { parser: 'markdown', printWidth: 120 }),
    'values.schema.json': `${JSON.stringify(schema, undefined, 2)}\n`,
  };
};
