import { randomBytes } from 'node:crypto';
import { run } from './run.js';

export interface Workload {
  readonly name: string;
  readonly wanted: number;
  readonly ready: number;
}

export interface PodState {
  readonly name: string;
  readonly uid: string;
  readonly component: string;
  readonly restarts: number;
  readonly isOurs: boolean;
}

interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status: { readonly phase: string; readonly containerStatuses?: readonly { restartCount: number }[] };
}

interface DeploymentObject {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

/** A namespace of the test's own, which enforces the restricted Pod Security standard. */
export class Namespace {
  private constructor(readonly name: string) {}

  static async create(): Promise<Namespace> {
    const namespace = new Namespace(`portico-test-${randomBytes(3).toString('hex')}`);
    const labels = Object.fromEntries(
      ['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
    );
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace.name, labels } };
    await run('kubectl', ['create', '-f', '-'], { input: JSON.stringify(object) });
    return namespace;
  }

  async remove(): Promise<void> {
    await run('kubectl', ['delete', 'namespace', this.name, '--wait=false']);
  }

  kubectl(...args: readonly string[]): Promise<string> {
    return run('kubectl', ['-n', this.name, ...args]);
  }

  helm(...args: readonly string[]): Promise<string> {
    return run('helm', ['-n', this.name, ...args]);
  }

  async apply(...objects: readonly object[]): Promise<void> {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    await run('kubectl', ['-n', this.name, 'apply', '-f', '-'], { input: JSON.stringify(list) });
  }

  /** Adds keys to a Secret, which is made where it is not there. */
  async addToSecret(name: string, values: Readonly<Record<string, string>>): Promise<void> {
    const patch = JSON.stringify({ stringData: values });
    await this.kubectl('patch', 'secret', name, '-p', patch).catch(() =>
      this.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: values }),
    );
  }

  async pods(): Promise<readonly PodState[]> {
    const { items } = JSON.parse(await this.kubectl('get', 'pods', '-o', 'json')) as { items: PodObject[] };
    return items
      .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase !== 'Succeeded')
      .map(({ metadata, status }) => ({
        name: metadata.name,
        uid: metadata.uid,
        component: metadata.labels?.['app.kubernetes.io/component'] ?? '',
        restarts: (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
        isOurs: metadata.labels?.['app.kubernetes.io/name'] === 'portico',
      }));
  }

  async deployments(): Promise<readonly Workload[]> {
    const { items } = JSON.parse(await this.kubectl('get', 'deployments', '-o', 'json')) as {
      items: DeploymentObject[];
    };
    return items.map(({ metadata, spec, status }) => ({
      name: metadata.name,
      wanted: spec.replicas,
      ready: status.readyReplicas ?? 0,
    }));
  }

  /** What a person would look at when something is wrong. */
  async describeTrouble(): Promise<string> {
    const parts = await Promise.all(
      [
        ['get', 'pods', '-o', 'wide'],
        ['get', 'events', '--sort-by=.lastTimestamp'],
        ['logs', '-l', 'app.kubernetes.io/name=portico', '--all-containers', '--prefix', '--tail=15'],
      ].map((args) => this.kubectl(...args).catch((error: unknown) => String(error))),
    );
    return parts.map((text) => text.split('\n').slice(-60).join('\n')).join('\n');
  }
}

/** Whether a cluster answers, and which version; nothing where there is none. */
export const findCluster = async (): Promise<string | undefined> => {
  try {
    return (await run('kubectl', ['get', '--raw', '/version', '--request-timeout=10s'])).match(/v\d+\.\d+\.\d+/)?.[0];
  } catch {
    return undefined;
  }
};

export const hasKind = (name: string): Promise<boolean> =>
  run('kubectl', ['get', 'crd', name]).then(
    () => true,
    () => false,
  );
