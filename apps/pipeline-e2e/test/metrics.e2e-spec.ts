import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, SERVICE_NAMES, type LocalPortico } from '../src/local-portico.js';
import { openCompany, startPortico, type Company } from './company.js';

const chart = join(repository, 'deploy/helm/portico');
let local: LocalPortico;
let company: Company;
let scraped: string;

beforeAll(async () => {
  local = await startPortico();
  company = await openCompany(local, 'metrics');
  // One portal with a wrong key and some calls that failed, so that what is only there in trouble is there too.
  company.writeKeys('sales', { password: 'an old key' });
  await company.apply();
  await company.sync('full');
  const ports = [...SERVICE_NAMES, 'admin-api'].map((name) => local.services[name as 'admin-api'].ready()['port']);
  const texts = await Promise.all(
    ports.map(async (port) => (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text()),
  );
  scraped = texts.join('\n');
});
afterAll(async () => {
  await local.stop();
  await company.sandbox.stop();
});

/** Every metric that a text names: ours, and those of Node's process. */
const named = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\b(?:portico|process|nodejs)_[a-z0-9_]+\b(?=\{)|absent\((portico_[a-z_]+)/g)].map(([all]) =>
      all.replace('absent(', ''),
    ),
  ),
];
const exposed = (metric: string): boolean =>
  new RegExp(`^# TYPE ${metric.replace(/_bucket$/, '')} `, 'm').test(scraped);

it.each(['files/alerts.yaml', 'files/dashboard.json', 'templates/scaledobjects.yaml'])(
  'every metric of %s is one that a service exposes',
  (file) => {
    const text = readFileSync(join(chart, file), 'utf8');
    const metrics = [...named(text), ...(/valueLocation: (portico_\w+)/.exec(text)?.slice(1) ?? [])];
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((metric) => !exposed(metric))).toEqual([]);
  },
);

it('every gauge could be asked, and the portal in trouble is seen', () => {
  expect([...scraped.matchAll(/^portico_metrics_stale_total\{.*\} (\d+)$/gm)].map(([, count]) => count)).toEqual(
    Array.from({ length: SERVICE_NAMES.length + 1 }, () => '0'),
  );
  expect(scraped).toMatch(/^portico_portal_quarantined\{tenant="metrics",portal="sales",reason="[a-z-]+",.*\} 1$/m);
});
