import { join } from 'node:path';
import { AdminClient, repository, SERVICE_NAMES, startLocalPortico, writeRealmFile } from '@portico/pipeline-e2e';
import { usageOf } from './process-usage.js';
import { postAccounts, readAccounts } from './raw-posting.js';

const REALM = join(repository, 'tools/bench/bench.realm.yaml');
const PORTALS = ['one', 'two', 'three', 'four'];
const LANES = 4;
const CALLS_PER_LANE = 8;
/** Counting every cell for a status costs the database as much as some hundred cells. */
const STATUS_POLL_MS = 1_000;

export interface CellsMeasure {
  readonly cells: number;
  readonly cellsPerSecond: number;
  readonly rawPerSecond: number;
  readonly ratio: number;
  /** All services together. */
  readonly cpuMsPerCell: number;
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
    const usage = () => SERVICE_NAMES.map((name) => [name, usageOf(local.services[name].pid())] as const);
    const cpu = () => usage().reduce((total, [, { cpuMs }]) => total + cpuMs, 0);
    const cpuBefore = cpu();
    const began = performance.now();
    await admin.apply('bench', file);
    await admin.run('bench', 'full');
    const unsettled = await admin.untilSettled('bench', 900_000, STATUS_POLL_MS);
    if (unsettled.length > 0) throw new Error(`after 15 minutes: ${unsettled.join(', ')}`);
    const seconds = (performance.now() - began) / 1000;
    const accounts = await readAccounts(local.sandbox);
    const cells = accounts.reduce((total, { bodies }) => total + bodies.length, 0);
    log(`${cells} cells in ${seconds.toFixed(1)} s; now the same bodies over raw HTTP`);
    const cpuMsPerCell = (cpu() - cpuBefore) / cells;
    const megabytes = Object.fromEntries(usage().map(([name, { peakMegabytes }]) => [name, peakMegabytes]));
    const raw = await postAccounts(accounts, sandboxOptions(0), CALLS_PER_LANE);
    const cellsPerSecond = cells / seconds;
    const rawPerSecond = cells / raw;
    return {
      cells,
      cellsPerSecond,
      rawPerSecond,
      ratio: cellsPerSecond / rawPerSecond,
      cpuMsPerCell,
      seconds: { portico: seconds, raw },
      megabytes,
    };
  } finally {
    await local.stop();
  }
};
