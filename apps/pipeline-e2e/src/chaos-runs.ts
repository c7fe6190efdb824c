import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '@portico/sandbox';
import { AdminClient } from './admin-client.js';
import { repository, startLocalPortico, type LocalPortico } from './local-portico.js';
import { seededRandom, type Random } from './random.js';
import { sandboxPortals, writeRealmFile } from './realm-file.js';
import { sandboxControl } from './sandbox-control.js';
import { readPeople, readPortals, type Person } from './vendors.js';
import { isEmployed, verify, type PortalRule } from './verify.js';
import { victims } from './victims.js';

export const CHAOS_REALM = join(repository, 'apps/pipeline-e2e/chaos.realm.yaml');

export interface ChaosOptions {
  readonly runs: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
}

/** How many cells were doubled, missing or wrong in all runs together, and how many runs did not settle. */
export interface ChaosSums {
  doubled: number;
  missing: number;
  wrong: number;
  unsettled: number;
}

/** The rules of chaos.realm.yaml, said by hand. */
export const chaosRules = (today: string): PortalRule[] => {
  const sales = (person: Person) => person.fields['department'] === 'Sales';
  return [
    {
      portal: 'academy',
      expect: (person) => (isEmployed(person, today) ? 'account' : 'nothing'),
      customData: ({ fields }) => ({ department: fields['department'] ?? '' }),
    },
    {
      portal: 'sales',
      expect: (person) => (isEmployed(person, today) && sales(person) ? 'invite-or-account' : 'nothing'),
    },
    {
      portal: 'onboarding',
      expect: (person) => (isEmployed(person, today) && !sales(person) ? 'invite-or-account' : 'nothing'),
    },
  ];
};

/** Long enough that a kill often hits calls in flight. */
const MOST_LATENCY_MS = 60;

const LATEST_ACCEPT_MS = 600;

/** Something for every kind of change: a joiner, a mover, a leaver, someone back, a new name with a new address. */
const stir = async (sandbox: Sandbox, random: Random): Promise<void> => {
  const control = sandboxControl(sandbox.control);
  const today = (await control.now()).slice(0, 10);
  const people = await readPeople(sandbox);
  const [stays, left] = [
    people.filter((person) => isEmployed(person, today) && person.fields['terminationDate'] === null),
    people.filter(({ fields }) => fields['employmentHistoryStatus'] === 'Terminated'),
  ];
  const [first, second, third] = random.shuffle(stays).map(({ id }) => id);
  const [back] = random.shuffle(left).map(({ id }) => id);
  await control.hire({ firstName: 'Noor', lastName: 'Haddad', department: 'Sales' });
  if (first) await control.terminate(first);
  if (second) await control.move(second, { department: 'Sales' });
  if (third) await control.rename(third, { lastName: 'Okonkwo', workEmail: `okonkwo.${third}@chaos.example` });
  if (back) await control.rehire(back);
};

/** Until there is an invite to accept; not for long, since a kill may keep it back. */
const untilMail = async (sandbox: Sandbox): Promise<void> => {
  const control = sandboxControl(sandbox.control);
  const deadline = performance.now() + 2_000;
  while ((await control.mailbox()).length === 0 && performance.now() < deadline) await after(50);
};

/** Half of those who have mail accept. Whose invite was cancelled meanwhile finds a dead link. */
const acceptSome = async (sandbox: Sandbox, random: Random): Promise<void> => {
  const control = sandboxControl(sandbox.control);
  const mails = random.shuffle(await control.mailbox());
  const chosen = mails.slice(0, Math.ceil(mails.length / 2));
  await Promise.allSettled(chosen.map(({ inviteId }) => control.acceptInvite(inviteId)));
};

const oneRun = async (local: LocalPortico, admin: AdminClient, run: number, random: Random) => {
  const sandbox = await startSandbox({
    employees: 20,
    portals: sandboxPortals(CHAOS_REALM),
    seed: random.integer(1_000_000),
    ratePerMinute: null,
    company: 'chaos',
  });
  const tenant = `chaos-${run}`;
  const file = join(local.directory, `${tenant}.realm.yaml`);
  const victim = random.pick(Object.entries(victims(local)));
  const killAfter = random.integer(1_500);
  const downFor = random.integer(700);
  await sandboxControl(sandbox.control).slowDown(random.integer(MOST_LATENCY_MS));
  try {
    writeRealmFile(CHAOS_REALM, file, sandbox, local.writeSecret, { tenant });
    await admin.apply(tenant, file);
    const story = (async () => {
      await admin.run(tenant, 'full');
      await stir(sandbox, random);
      await untilMail(sandbox);
      await acceptSome(sandbox, random);
      await admin.run(tenant, 'changed');
      // Others accept while Portico learns that they moved, left or have another address.
      await after(random.integer(LATEST_ACCEPT_MS));
      await acceptSome(sandbox, random);
    })();
    await after(killAfter);
    await victim[1].kill();
    await after(downFor);
    await victim[1].restart();
    await story;
    const unsettled = await admin.untilSettled(tenant, 60_000);
    const [people, portals] = await Promise.all([readPeople(sandbox), readPortals(sandbox)]);
    const today = (await sandboxControl(sandbox.control).now()).slice(0, 10);
    return { killed: victim[0], killAfter, downFor, unsettled, verdict: verify(people, portals, chaosRules(today)) };
  } finally {
    await sandbox.stop();
  }
};

/** Kills a random part at a random point of a small story, `runs` times, and judges each end state by the vendors' data. */
export const chaos = async ({ runs, seed, signal, log }: ChaosOptions): Promise<ChaosSums> => {
  const sums: ChaosSums = { doubled: 0, missing: 0, wrong: 0, unsettled: 0 };
  const random = seededRandom(seed);
  const local = await startLocalPortico({
    sandbox: { employees: 1, portals: 1, seed: 1 },
    serviceEnv: {
      'learnupon-provisioning': {
        SETTLE_SECONDS: '1',
        INVITE_POLL_SECONDS: '2',
        LEASE_SECONDS: '4',
        CALL_TIMEOUT_SECONDS: '2',
        LANES_PER_WORKER: '6',
      },
    },
    log,
  });
  try {
    const admin = new AdminClient(local);
    for (let run = 1; run <= runs && signal?.aborted !== true; run += 1) {
      const began = performance.now();
      // Of its own: how much a run draws depends on how fast it was, and must not change the next one.
      const ownRandom = seededRandom(random.integer(2 ** 31));
      const { killed, killAfter, downFor, unsettled, verdict } = await oneRun(local, admin, run, ownRandom);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      for (const kind of ['doubled', 'missing', 'wrong'] as const) sums[kind] += verdict[kind].length;
      if (unsettled.length > 0) sums.unsettled += 1;
      const faults = [...verdict.doubled, ...verdict.missing, ...verdict.wrong, ...unsettled];
      log(
        `run ${run}: killed ${killed} after ${killAfter} ms, down for ${downFor} ms; ${faults.length === 0 ? 'right' : 'WRONG'} in ${seconds} s`,
      );
      for (const fault of faults) log(`  ${fault}`);
    }
  } finally {
    await local.stop();
  }
  if (sums.unsettled > 0) log(`${sums.unsettled} runs did not settle`);
  log(`runs ${runs}, doubled ${sums.doubled}, missing ${sums.missing}, wrong ${sums.wrong}`);
  return sums;
};
