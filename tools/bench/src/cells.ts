import 'reflect-metadata';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { STREAMS } from '@portico/contracts';
import { connectNats, MIGRATE_USER } from '@portico/messaging';
import {
  AdminClient,
  repository,
  SERVICE_NAMES,
  startLocalPortico,
  writeRealmFile,
  type LocalPortico,
} from '@portico/pipeline-e2e';
import { cpuByProcess, usageOf } from './process-usage.js';
import { postAccounts, readAccounts } from './raw-posting.js';

const REALM = join(repository, 'tools/bench/bench.realm.yaml');
const PORTALS = ['one', 'two', 'three', 'four'];
const LANES = 4;
const CALLS_PER_LANE = 8;
/** Counting every cell for a status costs the database as much as some hundred cells: nobody looks more often. */
const POLL_MS = 2_000;
const MOST_LATE_MS = 60_000;
/** Machines become faster and slower by a fifth within seconds, and the floor takes few: it is measured as often as this. */
const RAW_ROUNDS = 2;

export interface CellsMeasure {
  readonly cells: number;
  readonly cellsPerSecond: number;
  readonly rawPerSecond: number;
  readonly ratio: number;
  /** All services together. */
  readonly cpuMsPerCell: number;
  /** Milliseconds of CPU a cell of each process, servers and sandbox included. */
  readonly cpuMsPerCellOf: Readonly<Record<string, number>>;
  readonly seconds: { readonly portico: number; readonly raw: number };
  /** The most that each service held. */
  readonly megabytes: Readonly<Record<string, number>>;
}

const sandboxOptions = (employees: number) => ({
  employees,
  portals: PORTALS.map((portal, index) => ({
    portal,
    title: portal,
    topLevel: index === 0,
    customFields: [{ label: 'Department' }],
  })),
  seed: 1,
  company: 'bench',
  ratePerMinute: null,
  switches: { allowUserCreationIfUserAlreadyExists: true },
});

/** When each portal says that it converged, which it does a moment after it has nothing left to do. */
const convergedAt = async (admin: AdminClient): Promise<readonly string[]> => {
  const deadline = performance.now() + MOST_LATE_MS;
  while (performance.now() < deadline) {
    const { provisioning } = await admin.status('bench');
    const moments = (provisioning?.portals ?? []).map((portal) => portal.convergedAt);
    if (moments.length > 0 && moments.every((moment) => moment !== undefined)) return moments;
    await after(POLL_MS);
  }
  throw new Error('all is settled, and not every portal says that it has converged');
};

const lastEventAt = async ({ natsEnv }: LocalPortico): Promise<string> => {
  const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = natsEnv(MIGRATE_USER);
  const connection = await connectNats({ url, user, password, name: 'bench' });
  try {
    return (await (await jetstreamManager(connection, { checkAPI: false })).streams.info(STREAMS.learners)).state
      .last_ts;
  } finally {
    await connection.close();
  }
};

/** When all was done by the word of those who did it: whoever asks learns it later. */
const doneAt = async (local: LocalPortico, admin: AdminClient): Promise<number> =>
  Math.max(...[...(await convergedAt(admin)), await lastEventAt(local)].map((moment) => Date.parse(moment)));

/**
 * A first sync of everybody into four portals, end to end, beside the floor: the same bodies posted straight to an equal
 * sandbox in a process of its own, at the same concurrency.
 */
export const measureCells = async (employees: number, log: (line: string) => void): Promise<CellsMeasure> => {
  const local = await startLocalPortico({
    sandbox: sandboxOptions(employees),
    serviceEnv: {
      'learnupon-provisioning': { LANES_PER_WORKER: String(LANES), CONCURRENCY: String(CALLS_PER_LANE) },
    },
    log,
  });
  try {
    const admin = new AdminClient(local);
    const file = join(local.directory, 'bench.realm.yaml');
    writeRealmFile(REALM, file, local.sandbox, local.writeSecret);
    const cpuBefore = cpuByProcess(local);
    const began = Date.now();
    // A realm that is new is read by itself.
    await admin.apply('bench', file);
    const unsettled = await admin.untilSettled('bench', 900_000, POLL_MS);
    if (unsettled.length > 0) throw new Error(`after 15 minutes: ${unsettled.join(', ')}`);
    const cpuAfter = cpuByProcess(local);
    const seconds = ((await doneAt(local, admin)) - began) / 1000;
    const accounts = await readAccounts(local.sandbox);
    const cells = accounts.reduce((total, { bodies }) => total + bodies.length, 0);
    log(`${cells} cells in ${seconds.toFixed(1)} s; now the same bodies over raw HTTP`);
    const cpuMsPerCellOf = Object.fromEntries(
      Object.entries(cpuAfter).map(([name, ms]) => [name, (ms - (cpuBefore[name] ?? 0)) / cells]),
    );
    const megabytes = Object.fromEntries(
      SERVICE_NAMES.map((name) => [name, usageOf(local.services[name].pid()).peakMegabytes]),
    );
    let raw = 0;
    for (let round = 0; round < RAW_ROUNDS; round += 1) {
      raw += (await postAccounts(accounts, sandboxOptions(0), CALLS_PER_LANE)) / RAW_ROUNDS;
    }
    const cellsPerSecond = cells / seconds;
    const rawPerSecond = cells / raw;
    return {
      cells,
      cellsPerSecond,
      rawPerSecond,
      ratio: cellsPerSecond / rawPerSecond,
      cpuMsPerCell: SERVICE_NAMES.reduce((sum, name) => sum + (cpuMsPerCellOf[name] ?? 0), 0),
      cpuMsPerCellOf,
      seconds: { portico: seconds, raw },
      megabytes,
    };
  } finally {
    await local.stop();
  }
};
