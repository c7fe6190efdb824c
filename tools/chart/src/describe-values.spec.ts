import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartDocs } from './chart-docs.js';
import { describeValues } from './describe-values.js';
import { chart, repository } from './paths.js';

describe(describeValues, () => {
  const sample = `
# A title.

image:
  # -- Where it is
  repository: portico
  # -- When it is pulled
  # @schema {enum: [Always, Never]}
  pull: Always
# -- Pods
# @schema {minimum: 0}
replicas: 2
# -- Settings
# @schema {properties: {speed: {type: integer}}}
settings:
  # -- Lanes
  lanes: 4
# -- What pods get
# @schema {additionalProperties: true}
resources: { requests: { cpu: 1m } }
`;
  const { values, schema, faults } = describeValues(sample);

  it('takes descriptions and types from comments and values', () => {
    expect(faults).toEqual([]);
    expect(values.map(({ path, description }) => [path, description])).toEqual([
      ['image.repository', 'Where it is'],
      ['image.pull', 'When it is pulled'],
      ['replicas', 'Pods'],
      ['settings.lanes', 'Lanes'],
      ['resources', 'What pods get'],
    ]);
    expect(schema).toMatchObject({
      additionalProperties: false,
      properties: {
        image: {
          additionalProperties: false,
          properties: { pull: { type: 'string', enum: ['Always', 'Never'] } },
        },
        replicas: { type: 'integer', minimum: 0 },
        settings: {
          description: 'Settings',
          additionalProperties: false,
          properties: { speed: { type: 'integer' }, lanes: { type: 'integer' } },
        },
        resources: { type: 'object', additionalProperties: true },
      },
    });
  });

  it('wants every group to be there, since null takes it away', () => {
    expect(schema['allOf']).toEqual([{ required: ['image', 'settings'], properties: { image: {}, settings: {} } }]);
  });

  it('names a value that nobody describes', () => {
    expect(describeValues('a:\n  # -- Described\n  b: 1\n  c: 2\nd: 3\n').faults).toEqual(['a.c', 'd']);
  });
});

describe('the chart', () => {
  it('describes every value', () => {
    expect(describeValues(readFileSync(join(chart, 'values.yaml'), 'utf8')).faults).toEqual([]);
  });

  it('has the schema and the page that values.yaml makes (npm run chart:docs)', async () => {
    for (const [name, text] of Object.entries(await chartDocs())) {
      expect(readFileSync(join(chart, name), 'utf8')).toBe(text);
    }
  });

  it.each([
    ['ingestion', 'bamboohr-ingestion'],
    ['policy', 'realm-policy'],
    ['provisioning', 'learnupon-provisioning'],
    ['adminApi', 'admin-api'],
  ])('lets every setting of %s be given, and no other', (component, app) => {
    const source = readFileSync(join(repository, 'apps', app, 'src/config.ts'), 'utf8');
    const own = [...source.matchAll(/^ {2}(\w+)[!?]?: (?:number|boolean|string)\b/gm)].map(([, name]) => name);
    // What every service with a database reads, and what the chart itself gives.
    const shared = component === 'adminApi' ? [] : ['databaseConnections'];
    const given = ['tokensFile', 'poolsAvailable'];
    const { schema } = describeValues(readFileSync(join(chart, 'values.yaml'), 'utf8'));
    type Properties = Readonly<Record<string, { readonly properties: Properties }>>;
    const settings = (schema['properties'] as Properties)[component]!.properties['settings']!.properties;
    expect(Object.keys(settings).sort()).toEqual([...own, ...shared].filter((name) => !given.includes(name!)).sort());
  });

  it('allows no value that it does not know, wherever it stands', () => {
    const { schema } = describeValues(readFileSync(join(chart, 'values.yaml'), 'utf8'));
    const open: string[] = [];
    const walk = (node: Record<string, unknown>, path: string) => {
      if (node['type'] !== 'object') return;
      if (node['additionalProperties'] === undefined && path !== 'global') open.push(path);
      for (const [key, inner] of Object.entries((node['properties'] ?? {}) as Record<string, never>)) {
        walk(inner, path === '' ? key : `${path}.${key}`);
      }
    };
    walk(schema as Record<string, unknown>, '');
    expect(open).toEqual([]);
  });
});
