import type { ValueDescription } from './describe-values.js';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value: unknown): string => `\`${JSON.stringify(value).replaceAll('|', '\\|')}\``;

const allowed = ({ schema }: ValueDescription): string =>
  Array.isArray(schema['enum'])
    ? ` (${schema['enum'].map((one) => (one === '' ? 'empty' : `\`${String(one)}\``)).join(', ')})`
    : '';

const row = (value: ValueDescription): string =>
  `| \`${value.path}\` | ${code(value.fallback)} | ${cell(value.description)}${allowed(value)} |`;

/** VALUES.md: every value with its default and what it does, in the order of values.yaml. */
export const renderPage = (values: readonly ValueDescription[]): string => {
  const sections = Map.groupBy(values, ({ path }) => (path.includes('.') ? path.split('.')[0] : ''));
  const table = (rows: readonly ValueDescription[]) =>
    ['| value | default | what it does |', '| --- | --- | --- |', ...rows.map(row)].join('\n');
  return [
    '# Values of the Portico chart',
    'Made from the comments in values.yaml by `npm run chart:docs`; a test compares them.',
    ...[...sections].map(([name, rows]) => [`## ${name === '' ? 'General' : name}`, table(rows)].join('\n\n')),
    '',
  ].join('\n\n');
};
