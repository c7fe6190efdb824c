import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { chart, repository } from '../src/paths.js';
import { customSchemas, KUBERNETES, kubernetesSchemas } from './kubernetes-schemas.js';
import { describeWith, runTool } from './tools.js';

const valueSets = readdirSync(join(chart, 'ci')).map((name) => join(chart, 'ci', name));
const CUSTOM_KINDS = ['ScaledObject', 'PodMonitor', 'PrometheusRule', 'HTTPRoute'];
let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'portico-chart-'))));
afterAll(() => rmSync(directory, { recursive: true }));

const renderAnew = (values: string): string => {
  const { status, text } = runTool('helm', ['template', 'portico', chart, '-n', 'trial', '-f', values]);
  if (status !== 0) throw new Error(text);
  return text;
};
const rendered = new Map<string, string>();
const render = (values: string): string => {
  const text = rendered.get(values) ?? renderAnew(values);
  rendered.set(values, text);
  return text;
};

describeWith('helm')('helm', () => {
  it('has value sets for at least eight ways to install', () => {
    expect(valueSets.length).toBeGreaterThanOrEqual(8);
  });

  it.each(valueSets)('finds nothing wrong with %s', (values) => {
    expect(runTool('helm', ['lint', '--strict', '--quiet', chart, '-f', values])).toEqual({ status: 0, text: '' });
  });

  it('gives the same twice: an upgrade without a change changes nothing', () => {
    for (const values of valueSets) expect(renderAnew(values)).toBe(render(values));
  });
});

describeWith('helm', 'helm-unittest')('helm-unittest', () => {
  it('passes the suites, of which each template has one', () => {
    const { status, text } = runTool('helm-unittest', [chart]);
    expect(status === 0 ? '' : text).toBe('');
    const suites = readdirSync(join(chart, 'tests'))
      .filter((name) => name.endsWith('_test.yaml'))
      .map((name) => readFileSync(join(chart, 'tests', name), 'utf8'));
    const templates = readdirSync(join(chart, 'templates'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(yaml|txt)$/.test(name))
      .map((name) => `templates/${name}`);
    const tested = suites.flatMap((suite) => (parse(suite) as { templates: string[] }).templates);
    expect(templates.filter((name) => !tested.includes(name))).toEqual([]);
  });
});

describeWith(
  'helm',
  'kubeconform',
  'pip',
  'python3',
)('kubeconform', () => {
  const schemas = kubernetesSchemas();
  const custom = customSchemas();
  if (custom === undefined)
    process.stderr.write(
      `SKIPPED: ${CUSTOM_KINDS.join(', ')} are not checked: name the folders of their definitions in PORTICO_CRDS\n`,
    );
  afterAll(() => custom && rmSync(custom, { recursive: true }));

  it.each(KUBERNETES)('finds every object of every value set valid in Kubernetes %s', (version) => {
    const location = `${schemas}/${version}/{{.ResourceKind}}{{.KindSuffix}}.json`;
    const files = valueSets.map((values, index) => {
      const file = join(directory, `rendered-${index}.yaml`);
      writeFileSync(file, render(values));
      return file;
    });
    const others =
      custom === undefined
        ? ['-skip', CUSTOM_KINDS.join(',')]
        : ['-schema-location', `${custom}/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`];
    const found = runTool('kubeconform', ['-strict', '-summary', '-schema-location', location, ...others, ...files]);
    expect(found).toEqual({ status: 0, text: expect.stringMatching(/Valid: \d{3}, Invalid: 0, Errors: 0/) });
  });
});

describeWith('helm', 'promtool')('promtool', () => {
  interface Rules {
    readonly spec: { readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[] };
  }
  const tests = join(repository, 'tools/chart/test/alerts.promtool.yaml');
  let rules: Rules['spec'];
  beforeAll(() => {
    const documents = parseAllDocuments(render(join(chart, 'ci/monitoring-values.yaml')));
    const found = documents.map((each) => each.toJS() as Rules & { kind: string });
    rules = found.find(({ kind }) => kind === 'PrometheusRule')!.spec;
    writeFileSync(join(directory, 'rules.yaml'), JSON.stringify(rules));
    writeFileSync(join(directory, 'tests.yaml'), readFileSync(tests));
  });

  it('finds the rules sound', () => {
    expect(runTool('promtool', ['check', 'rules', 'rules.yaml'], directory)).toMatchObject({ status: 0 });
  });

  it('sees each alert fire when it should, and not for another namespace', () => {
    expect(runTool('promtool', ['test', 'rules', 'tests.yaml'], directory)).toEqual({
      status: 0,
      text: expect.stringContaining('SUCCESS'),
    });
    const text = readFileSync(tests, 'utf8');
    const alerts = rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert));
    expect(alerts.filter((alert) => !text.includes(`"${alert}"`))).toEqual([]);
  });
});
