import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import {
  AdminClient,
  SERVICE_NAMES,
  startLocalPortico,
  writeRealmFile,
  type LocalPortico,
} from '@portico/pipeline-e2e';
import type { SandboxAddress } from '@portico/sandbox';
import { cpuByProcess, forgetPeak, usageOf } from './process-usage.js';
import { readVendorsPlainly, type QuietFloor } from './quiet-floor.js';
import { quietPortals, TENANT, writeQuietRealm } from './quiet-realm.js';

const PORTALS = 10;
const POLL_MS = 2_000;
/** What is asked of the databases while the clock runs costs them next to nothing. */
const LOOK_MS = 50;
const MOST_MS = { first: 1_800_000, quiet: 600_000 };

interface Calls {
  readonly reads: number;
  readonly writes: number;
  readonly byCall: Readonly<Record<string, number>>;
}

export interface QuietCalls {
  readonly bamboohr: Calls;
  /** All portals together. */
  readonly learnupon: Calls;
}

export interface QuietMeasure {
  readonly employees: number;
  /** How it came to be as it should. */
  readonly firstSync: { readonly cells: number; readonly seconds: number; readonly megabytes: PerService };
  /** From asking for the read until it is certified and each portal has been read again. */
  readonly seconds: number;
  /** The read of BambooHR alone, beside the reads of the portals. */
  readonly readSeconds: number;
  /** Of CPU, of each process. */
  readonly cpuSeconds: PerService;
  /** The most that each service held in that time. */
  readonly megabytes: PerService;
  readonly calls: QuietCalls;
  readonly floor: QuietFloor;
}

type PerService = Readonly<Record<string, number>>;

const secondsSince = (began: number): number => (performance.now() - began) / 1_000;

const peaks = ({ services }: LocalPortico): PerService =>
  Object.fromEntries(SERVICE_NAMES.map((name) => [name, usageOf(services[name].pid()).peakMegabytes]));

export const sumOfCalls = (calls: readonly Calls[]): Calls => {
  const byCall: Record<string, number> = {};
  for (const each of calls)
    for (const [call, count] of Object.entries(each.byCall)) byCall[call] = (byCall[call] ?? 0) + count;
  return {
    reads: calls.reduce((total, { reads }) => total + reads, 0),
    writes: calls.reduce((total, { writes }) => total + writes, 0),
    byCall,
  };
};

const readCalls = async ({ control }: SandboxAddress, method: 'GET' | 'DELETE'): Promise<QuietCalls> => {
  const answer = await fetch(`${control}/calls`, { method });
  const { bamboohr, portals } = (await answer.json()) as { bamboohr: Calls; portals: Record<string, Calls> };
  return { bamboohr, learnupon: sumOfCalls(Object.values(portals)) };
};

interface Databases {
  readonly ingestion: pg.Client;
  readonly provisioning: pg.Client;
}

const openDatabases = async ({ stack }: LocalPortico): Promise<Databases> => {
  const open = async (service: string) => {
    const url = new URL(stack.postgresUrl);
    url.pathname = `/${service.replaceAll('-', '_')}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return client;
  };
  return { ingestion: await open('bamboohr-ingestion'), provisioning: await open('learnupon-provisioning') };
};

/** What an hour does to the mirrors: each is read again as soon as its lane is looked at. */
const ageMirrors = async ({ provisioning }: Databases): Promise<void> => {
  const hours = "interval '2 hours'";
  await provisioning.query(
    `update lane set users_completed_at = users_completed_at - ${hours},
       invites_completed_at = invites_completed_at - ${hours}, next_due = now() where tenant = $1`,
    [TENANT],
  );
};

interface Newest {
  readonly at: Date | null;
}

const newest = async (client: pg.Client, text: string): Promise<number> => {
  const { rows } = await client.query<Newest>(text, [TENANT]);
  return rows[0]?.at?.getTime() ?? 0;
};

/** When the last of all has been done since then, by the word of who did it. */
const untilDone = async (client: pg.Client, text: string, since: number): Promise<number> => {
  const deadline = performance.now() + MOST_MS.quiet;
  for (;;) {
    const at = await newest(client, text);
    if (at >= since) return at;
    if (performance.now() > deadline) throw new Error(`not done within ${MOST_MS.quiet} ms: ${text}`);
    await after(LOOK_MS);
  }
};

const READ_AT = `select max(finished_at) as at from read where tenant = $1 and kind = 'full' and state = 'certified'`;
const MIRRORED_AT = `select max(least(users_completed_at, invites_completed_at)) as at from lane where tenant = $1
  having bool_and(least(users_completed_at, invites_completed_at) > now() - interval '1 hour')`;

const syncFirst = async (local: LocalPortico, admin: AdminClient) => {
  const began = performance.now();
  await admin.apply(TENANT, join(local.directory, 'quiet.realm.yaml'));
  const unsettled = await admin.untilSettled(TENANT, MOST_MS.first, POLL_MS);
  if (unsettled.length > 0) throw new Error(unsettled.join(', '));
  const seconds = secondsSince(began);
  const { provisioning } = await admin.status(TENANT);
  const cells = (provisioning?.portals ?? []).reduce((total, { active }) => total + active, 0);
  return { cells, seconds, megabytes: peaks(local) };
};

const syncQuietly = async (local: LocalPortico, admin: AdminClient, databases: Databases) => {
  for (const name of SERVICE_NAMES) forgetPeak(local.services[name].pid());
  await readCalls(local.sandbox, 'DELETE');
  const cpuBefore = cpuByProcess(local);
  const began = Date.now();
  await ageMirrors(databases);
  await admin.run(TENANT, 'full');
  const readAt = await untilDone(databases.ingestion, READ_AT, began);
  const mirroredAt = await untilDone(databases.provisioning, MIRRORED_AT, began);
  const cpuAfter = cpuByProcess(local);
  const unsettled = await admin.untilSettled(TENANT, MOST_MS.quiet, POLL_MS);
  if (unsettled.length > 0) throw new Error(unsettled.join(', '));
  return {
    seconds: (Math.max(readAt, mirroredAt) - began) / 1_000,
    readSeconds: (readAt - began) / 1_000,
    cpuSeconds: Object.fromEntries(
      Object.entries(cpuAfter).map(([name, ms]) => [name, (ms - (cpuBefore[name] ?? 0)) / 1_000]),
    ),
    megabytes: peaks(local),
    calls: await readCalls(local.sandbox, 'GET'),
  };
};

const measureOn = async (local: LocalPortico, employees: number, log: (line: string) => void) => {
  const [plain, file] = ['quiet.json', 'quiet.realm.yaml'].map((name) => join(local.directory, name)) as [
    string,
    string,
  ];
  writeQuietRealm(plain, PORTALS);
  writeRealmFile(plain, file, local.sandbox, local.writeSecret);
  const admin = new AdminClient(local);
  log(`quiet: a first sync of ${employees} employees into ${PORTALS} portals`);
  const firstSync = await syncFirst(local, admin);
  log(`quiet: ${firstSync.cells} cells in ${firstSync.seconds.toFixed(0)} s; now a sync without changes`);
  const databases = await openDatabases(local);
  try {
    const quiet = await syncQuietly(local, admin, databases);
    return { employees, firstSync, ...quiet, floor: await readVendorsPlainly(local.sandbox) };
  } finally {
    await Promise.all([databases.ingestion.end(), databases.provisioning.end()]);
  }
};

/** A full read of a company in which nothing changed, and a look at each of its portals, all of whose mirrors are old. */
export const measureQuiet = async (employees: number, log: (line: string) => void): Promise<QuietMeasure> => {
  const local = await startLocalPortico({
    sandbox: {
      employees,
      portals: quietPortals(PORTALS),
      seed: 1,
      company: TENANT,
      ratePerMinute: null,
      switches: { allowUserCreationIfUserAlreadyExists: true },
    },
    log,
  });
  try {
    return await measureOn(local, employees, log);
  } finally {
    await local.stop();
  }
};
