import { join } from 'node:path';
import {
  AdminClient,
  faultsOf,
  judge,
  sandboxControl,
  writeRealmFile,
  type PortalRule,
  type SandboxControl,
} from '@portico/pipeline-e2e';
import type { PortalSpec, SandboxAddress } from '@portico/sandbox';
import type { Installation } from './installation.js';
import { PortForward } from './port-forward.js';
import { until } from './run.js';

export const TENANT_SECRET = 'portico-tenants';

export interface TenantOptions {
  readonly name: string;
  readonly realm: string;
  readonly portals: readonly PortalSpec[];
  readonly employees: number;
  /** Calls a minute and portal; unlimited unless told. */
  readonly ratePerMinute?: number;
  readonly pool?: string;
  readonly allowsExisting?: boolean;
  readonly rules: (today: string) => readonly PortalRule[];
}

/** The same sandbox at another address: pods reach it by its Service, the judge from outside. */
const at = (address: SandboxAddress, origin: string): SandboxAddress => {
  const move = (url: string) => `${origin}${new URL(url).pathname}`;
  return {
    bamboohr: { ...address.bamboohr, url: move(address.bamboohr.url) },
    learnupon: address.learnupon.map((portal) => ({ ...portal, url: move(portal.url) })),
    control: move(address.control),
  };
};

const sandboxObjects = (name: string, image: string, options: TenantOptions): object[] => {
  const { employees, portals, ratePerMinute = null, allowsExisting = false } = options;
  const settings = {
    ...{ host: '0.0.0.0', port: 8080, employees, portals, ratePerMinute, seed: 7, company: options.name },
    switches: { allowUserCreationIfUserAlreadyExists: allowsExisting },
  };
  const labels = { app: name };
  const container = {
    name: 'sandbox',
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['apps/pipeline-e2e/dist/sandbox-process.js', JSON.stringify(settings)],
    ports: [{ containerPort: 8080 }],
    resources: { requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '384Mi' } },
    readinessProbe: { httpGet: { path: '/_sandbox/clock', port: 8080 }, periodSeconds: 2 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
  const pod = {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
  };
  return [
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name } },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    },
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name } },
      spec: { selector: labels, ports: [{ port: 8080, targetPort: 8080 }] },
    },
  ];
};

/** A customer with a sandbox of its own in the cluster. */
export class Tenant {
  private constructor(
    private readonly installation: Installation,
    readonly options: TenantOptions,
    /** Reached from this machine. */
    readonly sandbox: SandboxAddress,
    private readonly inside: SandboxAddress,
    private readonly forward: PortForward,
  ) {}

  static async open(installation: Installation, options: TenantOptions): Promise<Tenant> {
    const { namespace, sandboxImage } = installation;
    const service = `sandbox-${options.name}`;
    await namespace.apply(...sandboxObjects(service, sandboxImage, options));
    await namespace.kubectl('rollout', 'status', `deployment/${service}`, '--timeout=120s');
    const log = await namespace.kubectl('logs', `deployment/${service}`);
    const address = JSON.parse(log.split('\n').find((line) => line.startsWith('{')) ?? '{}') as SandboxAddress;
    const forward = await PortForward.open(namespace, service, 8080);
    const inside = at(address, `http://${service}.${namespace.name}.svc:8080`);
    return new Tenant(installation, options, at(address, forward.url), inside, forward);
  }

  get name(): string {
    return this.options.name;
  }

  get control(): SandboxControl {
    return sandboxControl(this.sandbox.control);
  }

  get admin(): AdminClient {
    return new AdminClient(this.installation);
  }

  /** Writes the realm's file and gives the services its secrets, while everything runs. Answers the file. */
  async configure(pool = this.options.pool): Promise<string> {
    const secrets: Record<string, string> = {};
    const file = join(this.installation.directory, `${this.name}.realm.yaml`);
    const keep = (ref: string, values: Readonly<Record<string, string>>) => {
      for (const [key, value] of Object.entries(values)) secrets[`${ref}.${key}`] = value;
    };
    writeRealmFile(this.options.realm, file, this.inside, keep, {
      tenant: this.name,
      pollSeconds: 2,
      ...(pool === undefined ? {} : { pool }),
    });
    await this.installation.namespace.addToSecret(TENANT_SECRET, secrets);
    return file;
  }

  async apply(pool?: string): Promise<void> {
    await this.admin.apply(this.name, await this.configure(pool));
  }

  /** Reads BambooHR and waits until nothing is left to do. */
  async sync(kind: 'full' | 'changed', withinMs = 120_000): Promise<void> {
    await this.admin.run(this.name, kind);
    await this.settle(withinMs);
  }

  async settle(withinMs = 120_000): Promise<void> {
    const waitingFor = await this.admin.untilSettled(this.name, withinMs, 500);
    if (waitingFor.length > 0) throw new Error(`${this.name}: ${waitingFor.slice(0, 8).join('\n')}`);
  }

  /** Waits until the vendors' own data is right: a portal whose keys are not mounted yet is no work that settles. */
  async untilRight(withinMs: number): Promise<void> {
    const { sandbox, options } = this;
    const isRight = async () => (await faultsOf(sandbox, options.rules)).length === 0;
    await until(`${this.name} to be right`, withinMs, isRight, 2_000);
  }

  /** How many faults the vendors' own data shows. */
  judge(what: string): Promise<number> {
    return judge(this.sandbox, this.options.rules, `${this.name}: ${what}`);
  }

  /** Hires somebody, has the change read, and answers the milliseconds until LearnUpon has the account. */
  async hireToAccount(workEmail: string, withinMs = 30_000): Promise<number> {
    const began = performance.now();
    const department = 'Engineering';
    await this.control.hire({ firstName: 'Ada', lastName: 'Moss', department, workEmail });
    await this.admin.run(this.name, 'changed');
    const url = `${this.sandbox.control}/accounts?email=${encodeURIComponent(workEmail)}`;
    await until(
      `an account of ${workEmail}`,
      withinMs,
      async () => JSON.stringify(await (await fetch(url)).json()).includes(workEmail),
      25,
    );
    return performance.now() - began;
  }

  close(): void {
    this.forward.close();
  }
}
