import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '@portico/sandbox';
import { AdminClient } from '../src/admin-client.js';
import { CHAOS_REALM, chaosRules } from '../src/chaos-runs.js';
import { startLocalPortico, type LocalPortico } from '../src/local-portico.js';
import { sandboxPortals, writeRealmFile } from '../src/realm-file.js';
import { sandboxControl, type SandboxControl } from '../src/sandbox-control.js';
import { readPeople, readPortals } from '../src/vendors.js';
import { verify } from '../src/verify.js';

/** A company with a sandbox of its own, as one tenant of a Portico that several share. */
export interface Company {
  readonly tenant: string;
  readonly sandbox: Sandbox;
  readonly control: SandboxControl;
  readonly realmFile: string;
  /** `portico … --tenant <this one>`: what it printed. */
  portico(...args: readonly string[]): Promise<string>;
  apply(): Promise<string>;
  /** Asks for a read of BambooHR and waits until every portal is as wanted, or waits for people. */
  sync(kind: 'full' | 'changed'): Promise<void>;
  editRealm(edit: (yaml: string) => string): void;
  writeKeys(part: string, keys: Readonly<Record<string, string>>): void;
  removeSecret(part: string): void;
  /** Faults by the rules of the realm, said by hand and read from the vendors alone. */
  faults(): Promise<readonly string[]>;
}

/** Portico for tests: the sandbox shows at once what was done, so nothing is waited for long. */
export const startPortico = (): Promise<LocalPortico> =>
  startLocalPortico({
    sandbox: { employees: 1, portals: 1, seed: 1 },
    serviceEnv: {
      'learnupon-provisioning': { SETTLE_SECONDS: '1', INVITE_POLL_SECONDS: '1', CALL_TIMEOUT_SECONDS: '5' },
    },
  });

/** What `portico …` says where it fails; its output where it does not, which no expectation matches. */
export const refusal = async (command: Promise<string>): Promise<string> => {
  try {
    return `did not fail: ${await command}`;
  } catch (error) {
    return (error as Error).message;
  }
};

export const openCompany = async (local: LocalPortico, tenant: string): Promise<Company> => {
  const sandbox = await startSandbox({
    employees: 20,
    portals: sandboxPortals(CHAOS_REALM),
    seed: 3,
    ratePerMinute: null,
    company: tenant,
  });
  const realmFile = join(local.directory, `${tenant}.realm.yaml`);
  writeRealmFile(CHAOS_REALM, realmFile, sandbox, local.writeSecret, { tenant });
  const control = sandboxControl(sandbox.control);
  const portico = (...args: readonly string[]) => local.cli(...args, '--tenant', tenant);
  const admin = new AdminClient(local);
  return {
    tenant,
    sandbox,
    control,
    realmFile,
    portico,
    apply: () => portico('apply', '-f', realmFile, '--yes'),
    sync: async (kind) => {
      await admin.run(tenant, kind);
      expect(await admin.untilSettled(tenant, 30_000)).toEqual([]);
    },
    editRealm: (edit) => writeFileSync(realmFile, edit(readFileSync(realmFile, 'utf8'))),
    writeKeys: (part, keys) => local.writeSecret(`${tenant}-${part}`, keys),
    removeSecret: (part) => rmSync(join(local.directory, 'secrets', `${tenant}-${part}`), { recursive: true }),
    faults: async () => {
      const today = (await control.now()).slice(0, 10);
      const [people, portals] = await Promise.all([readPeople(sandbox), readPortals(sandbox)]);
      const { doubled, missing, wrong } = verify(people, portals, chaosRules(today));
      return [...doubled, ...missing, ...wrong];
    },
  };
};
