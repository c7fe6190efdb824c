import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import {
  AdminClient,
  readPeople,
  readPortals,
  repository,
  sandboxControl,
  sandboxPortals,
  seededRandom,
  startLocalPortico,
  writeRealmFile,
  type LocalPortico,
} from '@portico/pipeline-e2e';
import type { SandboxAddress } from '@portico/sandbox';
import { openChangeTrail } from './change-trail.js';
import { timeBareCalls } from './latency-floor.js';
import { startSandboxProcess } from './sandbox-process.js';
import { covered, spreadOf, type Spread } from './statistics.js';
import { tapVendors, type TappedCall, type VendorTap } from './vendor-tap.js';

const REALM = join(repository, 'tools/bench/bench.realm.yaml');
const PROBE = 'probe';
const CROWD = 'crowd';
const PROBE_EMPLOYEES = 300;
/** LearnUpon's own pace, as far as it is known: with it the crowd's first sync takes hours. */
const CROWD_CALLS_A_MINUTE = 300;
/** What eight calls at once at this speed do not use up. */
const BUSY_CALLS_A_MINUTE = 3_000;
const BUSY_CALL_MS = 200;
const BUSY_WITHIN_MS = 180_000;
const WARM_UP = 10;
/** At random, so that no poll of Portico's keeps step with the changes. */
const REST_MS = { least: 100, random: 500 };
const MOST_LATE_MS = 60_000;
const POLL_MS = 2_000;

/** Where the time of a change went, in milliseconds: all but `total` and `vendors` one after the other. */
export interface Stages {
  /** From before the hint is sent until the write has come to LearnUpon. */
  readonly total: number;
  /** Calls at BambooHR in that time; LearnUpon's where it was asked before the write. */
  readonly vendors: number;
  /** `total` without `vendors`. */
  readonly portico: number;
  /** From the hint to the first call at BambooHR. */
  readonly toRead: number;
  /** From there until the employee is in its stream. */
  readonly toEmployee: number;
  /** From there until the decision is in its stream. */
  readonly toDecision: number;
  /** From there to the write. */
  readonly toWrite: number;
}

export interface LatencyRound {
  readonly spreads: Readonly<Record<keyof Stages, Spread>>;
  /** Of the calls that a change needs, made one after the other by a plain client. */
  readonly floor: Spread;
}

export interface LatencyMeasure {
  readonly samples: number;
  readonly idle: LatencyRound;
  /** While the other tenant's cells wait for the pace of their portals. */
  readonly beside: LatencyRound;
  /** While all of its lanes are at work: its portals are slow, and have no pace to wait for. */
  readonly busy: LatencyRound;
  /** Cells of the other tenant that still waited after the last measure beside it. */
  readonly waiting: number;
}

export interface LatencyOptions {
  readonly samples: number;
  /** Of the tenant beside which it is measured. */
  readonly crowd: number;
  readonly log: (line: string) => void;
}

const sandboxOptions = (company: string, employees: number, ratePerMinute: number | null) => ({
  employees,
  portals: sandboxPortals(REALM),
  seed: 1,
  company,
  ratePerMinute,
  switches: { allowUserCreationIfUserAlreadyExists: true },
});

const applyRealm = async (local: LocalPortico, admin: AdminClient, tenant: string, sandbox: SandboxAddress) => {
  const file = join(local.directory, `${tenant}.realm.yaml`);
  writeRealmFile(REALM, file, sandbox, local.writeSecret, { tenant });
  await admin.apply(tenant, file);
};

const isWrite = ({ method }: TappedCall) => method !== 'GET';
const isAtLearnUpon = ({ path }: TappedCall) => path.startsWith('/learnupon/');

interface Prober {
  readonly local: LocalPortico;
  readonly admin: AdminClient;
  readonly tap: VendorTap;
  readonly people: readonly string[];
  readonly trail: Awaited<ReturnType<typeof openChangeTrail>>;
  readonly random: ReturnType<typeof seededRandom>;
}

/** Names are the realm's: a new one is one write, and says whose it is. */
const changeOne = async (prober: Prober, index: number, mark: string) => {
  const { local, admin, tap, people, trail, random } = prober;
  const employeeId = people[index % people.length] ?? '';
  const name = `Moss ${mark} ${index}`;
  await sandboxControl(local.sandbox.control).rename(employeeId, { lastName: name });
  await after(REST_MS.least + random.integer(REST_MS.random));
  tap.clear();
  const hintAt = performance.now();
  const isMeant = (call: TappedCall) => isAtLearnUpon(call) && isWrite(call) && call.body.includes(`"${name}"`);
  const [write] = await Promise.all([tap.untilCall(isMeant, MOST_LATE_MS), admin.run(PROBE, 'changed')]);
  const calls = tap.calls().filter(({ at }) => at < write.at);
  const inStream = await trail.of(PROBE, employeeId);
  const [employeeAt, accessAt] = [inStream.employeeAt, inStream.accessAt].map((at) => at - performance.timeOrigin) as [
    number,
    number,
  ];
  const firstReadAt = calls[0]?.at ?? Number.NaN;
  const total = write.at - hintAt;
  const spans = calls.map(({ at, answeredAt }) => ({ from: at, to: answeredAt }));
  const vendors = covered(spans, { from: hintAt, to: write.at });
  const stages: Stages = {
    total,
    vendors,
    portico: total - vendors,
    toRead: firstReadAt - hintAt,
    toEmployee: employeeAt - firstReadAt,
    toDecision: accessAt - employeeAt,
    toWrite: write.at - accessAt,
  };
  const isNeeded = ({ path }: TappedCall) =>
    path.includes('/employees/changed?') || path.includes(`/employees/${employeeId}?`);
  return { stages, needed: [...calls.filter(isNeeded), write] };
};

const measureRound = async (prober: Prober, samples: number, mark: string): Promise<LatencyRound> => {
  for (let index = 0; index < WARM_UP; index += 1) await changeOne(prober, index, `${mark} warm`);
  const changes: Awaited<ReturnType<typeof changeOne>>[] = [];
  for (let index = 0; index < samples; index += 1) changes.push(await changeOne(prober, WARM_UP + index, mark));
  const of = (stage: keyof Stages): Spread => spreadOf(changes.map(({ stages }) => stages[stage]));
  return {
    spreads: {
      total: of('total'),
      vendors: of('vendors'),
      portico: of('portico'),
      toRead: of('toRead'),
      toEmployee: of('toEmployee'),
      toDecision: of('toDecision'),
      toWrite: of('toWrite'),
    },
    floor: await timeBareCalls(
      new URL(prober.local.sandbox.control).origin,
      changes.map(({ needed }) => needed),
    ),
  };
};

const waitingCells = async (admin: AdminClient): Promise<number> => {
  const { provisioning } = await admin.status(CROWD);
  return (provisioning?.portals ?? []).reduce((total, { wanted, active }) => total + wanted - active, 0);
};

/** Until all of the crowd is decided, and its cells wait for their portals. */
const untilCrowded = async (admin: AdminClient, withinMs: number): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while ((await admin.status(CROWD)).phase !== 'provisioning') {
    if (performance.now() > deadline) throw new Error(`${CROWD} was not read and decided within ${withinMs} ms`);
    await after(POLL_MS);
  }
};

/** From now on the crowd's portals are slow and never say stop: their lanes are at work all the while. */
const keepBusy = async ({ control, learnupon }: SandboxAddress): Promise<void> => {
  await sandboxControl(control).slowDown(BUSY_CALL_MS);
  for (const { portal } of learnupon) {
    const body = JSON.stringify({ ratePerMinute: BUSY_CALLS_A_MINUTE });
    const answer = await fetch(`${control}/portals/${portal}`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`the pace of ${portal} could not be changed: ${await answer.text()}`);
  }
  const enough = (await sandboxControl(control).writes()) + learnupon.length * CROWD_CALLS_A_MINUTE * 2;
  const deadline = performance.now() + BUSY_WITHIN_MS;
  while ((await sandboxControl(control).writes()) < enough) {
    if (performance.now() > deadline) throw new Error(`${CROWD} did not become busy within ${BUSY_WITHIN_MS} ms`);
    await after(POLL_MS);
  }
};

const measureBeside = async (prober: Prober, { samples, crowd, log }: LatencyOptions) => {
  const { local, admin } = prober;
  const sandbox = await startSandboxProcess(CROWD, sandboxOptions(CROWD, crowd, CROWD_CALLS_A_MINUTE));
  try {
    await applyRealm(local, admin, CROWD, sandbox.address);
    await untilCrowded(admin, 60_000 + crowd * 10);
    log("latency: another tenant's cells wait for their portals' pace; now beside them");
    const beside = await measureRound(prober, samples, 'beside');
    await keepBusy(sandbox.address);
    log('latency: now its portals are slow, and every lane is at work all the while');
    const busy = await measureRound(prober, samples, 'busy');
    const waiting = await waitingCells(admin);
    if (waiting === 0) log('latency: the other tenant was done too early: take more with --crowd');
    return { beside, busy, waiting };
  } finally {
    await sandbox.stop();
  }
};

const peopleWithAccounts = async (sandbox: SandboxAddress): Promise<string[]> => {
  const [people, [portal]] = await Promise.all([readPeople(sandbox), readPortals(sandbox)]);
  const addresses = new Set(portal?.accounts.map(({ email }) => email.toLowerCase()));
  return people.filter(({ fields }) => addresses.has((fields['workEmail'] ?? '').toLowerCase())).map(({ id }) => id);
};

const prepareProber = async (local: LocalPortico, tap: VendorTap): Promise<Omit<Prober, 'trail'>> => {
  const admin = new AdminClient(local);
  await applyRealm(local, admin, PROBE, tap.address);
  const unsettled = await admin.untilSettled(PROBE, 120_000, POLL_MS);
  if (unsettled.length > 0) throw new Error(unsettled.join(', '));
  return { local, admin, tap, people: await peopleWithAccounts(local.sandbox), random: seededRandom(1) };
};

/**
 * From a hint that somebody changed to the call at LearnUpon, idle and beside a tenant whose first sync lasts all the
 * while. The hint is `run` of kind `changed`: it asks for what a webhook's hint asks for.
 */
export const measureLatency = async (options: LatencyOptions): Promise<LatencyMeasure> => {
  const { samples, log } = options;
  const local = await startLocalPortico({ sandbox: sandboxOptions(PROBE, PROBE_EMPLOYEES, null), log });
  const undo: (() => Promise<void>)[] = [() => local.stop()];
  try {
    const tap = await tapVendors(local.sandbox);
    undo.push(() => tap.stop());
    const trail = await openChangeTrail(local);
    undo.push(() => trail.close());
    const prober: Prober = { ...(await prepareProber(local, tap)), trail };
    log(`latency: ${samples} changes, one after the other`);
    const idle = await measureRound(prober, samples, 'idle');
    return { samples, idle, ...(await measureBeside(prober, options)) };
  } finally {
    for (const step of undo.toReversed()) await step();
  }
};
