import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isEmployed, sandboxPortals, step } from '@portico/pipeline-e2e';
import { RELEASE } from '../installation.js';
import { hasKind } from '../namespace.js';
import { Tenant } from '../tenant.js';
import { tenantOf, type Stage } from '../stage.js';
import { BIG } from './move.js';

const PORTALS = Array.from({ length: 12 }, (_, index) => `portal-${index + 1}`);
const LATENCY_MS = 2_000;

const realmText = (): string => {
  const portals = PORTALS.map((portal, index) =>
    [
      `    - portal: ${portal}`,
      `      title: Portal ${index + 1}`,
      ...(index === 0 ? ['      topLevel: true'] : []),
      `      baseUrl: https://${portal}.learnupon.com`,
      "      audience: 'true'",
      '      onboarding: create',
    ].join('\n'),
  );
  return [
    'tenant: wide',
    'timeZone: UTC',
    'bamboohr: { company: wide, secretRef: wide-bamboohr }',
    'learnupon:',
    '  allowUserCreationIfUserAlreadyExists: true',
    '  portals:',
    ...portals,
    '',
  ].join('\n');
};

/** A tenant with twelve portals whose rate makes them busy for a minute or two. */
const openWide = (stage: Stage): Promise<Tenant> => {
  const realm = join(stage.installation.directory, 'wide.yaml');
  writeFileSync(realm, realmText());
  return Tenant.open(stage.installation, {
    name: 'wide',
    realm,
    pool: 'big',
    portals: sandboxPortals(realm),
    employees: 150,
    ratePerMinute: 90,
    allowsExisting: true,
    rules: (today) =>
      PORTALS.map((portal) => ({
        portal,
        expect: (person) => (isEmployed(person, today) ? 'account' : 'nothing'),
      })),
  });
};

/** Follows the replicas of all deployments, and says each change. */
class Replicas {
  readonly timeline: string[] = [];
  private readonly seen = new Map<string, Set<number>>();
  private readonly stopped = new AbortController();
  private last = '';

  constructor(private readonly stage: Stage) {}

  readonly following = async (): Promise<void> => {
    const began = performance.now();
    while (!this.stopped.signal.aborted) {
      await this.look(began).catch(() => undefined);
      await delay(1_000, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  };

  stop(): void {
    this.stopped.abort();
  }

  ready(name: string): number {
    return [...(this.seen.get(name) ?? [])].at(-1) ?? 0;
  }

  /** Whether it has had other numbers than this one. */
  hasChanged(name: string): boolean {
    return (this.seen.get(name)?.size ?? 0) > 1;
  }

  private async look(began: number): Promise<void> {
    const workers = (await this.stage.namespace.deployments()).filter(({ name }) => name.startsWith(`${RELEASE}-`));
    for (const { name, ready } of workers) {
      const numbers = this.seen.get(name) ?? new Set();
      numbers.delete(ready);
      this.seen.set(name, numbers.add(ready));
    }
    const line = workers
      .map(({ name, wanted, ready }) => `${name.slice(RELEASE.length + 1)} ${ready}/${wanted}`)
      .join('  ');
    if (line === this.last) return;
    this.last = line;
    const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(4);
    this.timeline.push(`${seconds} s  ${line}`);
  }
}

const latencies = async (tenant: Tenant, count: number, label: string): Promise<readonly number[]> => {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) {
    found.push(Math.round(await tenant.hireToAccount(`${label}.${index}@acme.example`)));
  }
  step(`a change of ${tenant.name} arrives after ${found.join(', ')} ms (${label})`);
  return found;
};

/** KEDA takes a pool from one worker to four and back, and no other pool or tenant is touched by it. */
export const scaling = async (stage: Stage): Promise<number> => {
  if (!(await hasKind('scaledobjects.keda.sh'))) {
    step('SKIPPED: this cluster has no KEDA, so nothing is scaled');
    return 0;
  }
  const acme = tenantOf(stage, 'acme');
  const wide = await openWide(stage);
  stage.tenants.set('wide', wide);
  await wide.configure();
  await stage.installation.upgrade(BIG);
  await acme.sync('changed');
  await latencies(acme, 3, 'idle');

  const big = `${RELEASE}-provisioning-big`;
  const replicas = new Replicas(stage);
  const following = replicas.following();
  let faults = 0;
  const reach = async (wanted: number, withinMs: number): Promise<void> => {
    const deadline = performance.now() + withinMs;
    while (replicas.ready(big) !== wanted && performance.now() < deadline) await delay(1_000);
    if (replicas.ready(big) === wanted) return;
    faults += 1;
    step(`WRONG: ${big} has ${replicas.ready(big)} ready pods, not ${wanted}`);
  };
  try {
    await wide.apply();
    await wide.admin.run('wide', 'full');
    await reach(4, 240_000);
    const busy = await latencies(acme, 5, 'busy');
    const late = busy.filter((each) => each > LATENCY_MS).length;
    step(`${late === 0 ? 'right' : 'WRONG'}: ${late} of ${busy.length} changes took more than ${LATENCY_MS} ms`);
    faults += late;
    await wide.settle(420_000);
    faults += await wide.judge('twelve portals in a pool of their own');
    await reach(1, 180_000);
  } finally {
    replicas.stop();
    await following;
    console.log(`\nReplicas over time (ready/wanted):\n${replicas.timeline.join('\n')}\n`);
  }
  const others = ['ingestion-shared', 'policy-shared', 'provisioning-shared'].filter((name) =>
    replicas.hasChanged(`${RELEASE}-${name}`),
  );
  step(`${others.length === 0 ? 'right' : 'WRONG'}: the pool shared kept its replicas ${others.join(', ')}`);
  return faults + others.length;
};
