import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, step } from '@portico/pipeline-e2e';
import { Namespace } from './namespace.js';
import { PortForward } from './port-forward.js';
import { run } from './run.js';

export const CHART = join(repository, 'deploy/helm/portico');
export const RELEASE = 'portico';

export type Values = Readonly<Record<string, unknown>>;

/** Small, and quick to see what a call did: the sandbox shows it at once. */
const PROVISIONING = { settleSeconds: 2, invitePollSeconds: 5, leaseSeconds: 10, callTimeoutSeconds: 5 };
const SMALL = { requests: { cpu: '10m', memory: '96Mi' }, limits: { memory: '512Mi' } };

/** The values of every installation of the tests; `image` is `name:tag`. */
export const baseValues = (image: string): Values => {
  const [, repositoryName, tag] = /^(.*):([^:/]+)$/.exec(image) ?? ['', image, 'latest'];
  return {
    image: { repository: repositoryName, tag },
    quickstart: { enabled: true, password: 'only-for-this-test' },
    ingestion: { resources: SMALL, settings: { readers: 4 } },
    policy: { resources: SMALL },
    provisioning: { resources: SMALL, settings: { ...PROVISIONING, lanesPerWorker: 4 } },
    adminApi: { resources: SMALL, replicas: 1 },
    migration: { resources: SMALL },
    autoscaling: { pollingSeconds: 3, scaleDownSeconds: 15 },
    // The sandboxes in place of the public Internet.
    networkPolicy: { vendors: { to: [{ podSelector: {} }], ports: [8080] } },
  };
};

export const merge = (base: Values, over: Values): Values => {
  const out: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const isGroup = (each: unknown): each is Values =>
      typeof each === 'object' && each !== null && !Array.isArray(each);
    out[key] = isGroup(value) && isGroup(out[key]) ? merge(out[key], value) : value;
  }
  return out;
};

/** A release of the chart, the way to its admin API, and a folder for files. */
export class Installation {
  readonly directory = mkdtempSync(join(tmpdir(), 'portico-cluster-'));
  readonly tokenFile = join(this.directory, 'token');
  private api: PortForward | undefined;
  private values: Values = {};

  constructor(
    readonly namespace: Namespace,
    readonly sandboxImage: string,
  ) {}

  get adminUrl(): string {
    if (this.api === undefined) throw new Error('nothing is installed yet');
    return this.api.url;
  }

  async install(values: Values, chart = CHART): Promise<void> {
    await this.helm('install', RELEASE, values, chart);
    this.values = values;
    const secret = `${RELEASE}-quickstart`;
    const tokens = await this.namespace.kubectl('get', 'secret', secret, '-o', 'jsonpath={.data.tokens}');
    const token = Buffer.from(tokens, 'base64').toString().split(' ')[0] ?? '';
    writeFileSync(this.tokenFile, token, { mode: 0o600 });
    this.api = await PortForward.open(this.namespace, `${RELEASE}-admin-api`, 80);
  }

  /** Another release beside it. */
  async installBeside(name: string, values: Values): Promise<void> {
    await this.helm('install', name, values, CHART);
  }

  /** On top of the values that were given so far. */
  async upgrade(values: Values, chart = CHART): Promise<void> {
    const merged = merge(this.values, values);
    await this.helm('upgrade', RELEASE, merged, chart);
    this.values = merged;
  }

  async uninstall(): Promise<void> {
    this.close();
    await this.namespace.helm('uninstall', RELEASE, '--wait', '--timeout=120s');
  }

  /** `portico …` on this machine against the cluster's admin API, for all to see. */
  async portico(tenant: string, ...args: readonly string[]): Promise<void> {
    console.log(`\n$ portico ${args.join(' ')}`);
    const env = { PORTICO_URL: this.adminUrl, PORTICO_TOKEN_FILE: this.tokenFile, PORTICO_TENANT: tenant };
    await run(process.execPath, [join(repository, 'apps/cli/dist/main.js'), ...args], { env, shown: true });
  }

  close(): void {
    this.api?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async helm(verb: 'install' | 'upgrade', name: string, values: Values, chart: string): Promise<void> {
    const file = join(this.directory, `${name}.values.json`);
    writeFileSync(file, JSON.stringify(values));
    const began = performance.now();
    await this.namespace.helm(verb, name, chart, '-f', file, '--wait', '--timeout=300s');
    step(`helm ${verb}: ready in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
}
