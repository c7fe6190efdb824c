import { setTimeout as after } from 'node:timers/promises';
import { admin, openPolicyDatabase, type PolicyDatabase } from './policy-database.js';
import { employee, realmOf, TENANT } from './policy-company.js';

const MIB = 1024 * 1024;
const BATCH = 1_000;
const ROUNDS = 3;

export interface WhatIfMeasure {
  readonly people: number;
  readonly cells: number;
  readonly touched: number;
  readonly seconds: number;
  /** Of this process; the database's own come on top. */
  readonly cpuSeconds: number;
  /** The newest record of everybody, read page by page by a plain client. */
  readonly floorSeconds: number;
  readonly ratio: number;
  /** What the process holds more at its most than before. */
  readonly megabytes: number;
}

/** Everybody with a record and a decision; nothing is sent anywhere. */
export const fill = async ({ realm, employees, client }: PolicyDatabase, people: number): Promise<void> => {
  await realm.apply(admin, { document: realmOf(false) });
  await client.query('delete from redecision');
  for (let first = 0; first < people; first += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, people - first) }, (_, index) => first + index);
    await employees.decide(ids.map((index) => ({ employee: employee(index), traceparent: undefined })));
  }
  await client.query('vacuum analyze');
};

const ask = async ({ whatIfs }: PolicyDatabase) => {
  let peak = 0;
  const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const began = performance.now();
  const cpu = process.cpuUsage();
  const { id } = await whatIfs.start(admin, { document: realmOf(true) });
  try {
    for (;;) {
      const answer = await whatIfs.get(admin, { id });
      if (answer.result) {
        const { user, system } = process.cpuUsage(cpu);
        const seconds = (performance.now() - began) / 1_000;
        return { seconds, cpuSeconds: (user + system) / 1e6, peak, result: answer.result };
      }
      if (answer.state !== 'running') throw new Error(`the what-if ${answer.state}: ${answer.problem}`);
      await after(20);
    }
  } finally {
    clearInterval(watching);
  }
};

const readPlainly = async ({ client }: PolicyDatabase): Promise<number> => {
  const began = performance.now();
  let last = '';
  for (;;) {
    const { rows } = await client.query<{ employee_id: string }>(
      `select access.employee_id, facts from access
       join employee_revision as record on record.tenant = access.tenant and record.employee_id = access.employee_id
         and record.revision = access.employee_revision
       where access.tenant = $1 and access.employee_id > $2 order by access.employee_id limit ${BATCH}`,
      [TENANT, last],
    );
    if (rows.length < BATCH) return (performance.now() - began) / 1_000;
    last = rows.at(-1)?.employee_id ?? '';
  }
};

/** A changed policy over everybody; the best of some rounds, for others use the machine too. */
export const measureWhatIf = async (people: number, log: (line: string) => void): Promise<WhatIfMeasure> => {
  const database = await openPolicyDatabase();
  try {
    log(`what-if: ${people} people are decided once`);
    await fill(database, people);
    const before = process.memoryUsage().rss;
    const best = {
      seconds: Number.POSITIVE_INFINITY,
      cpu: Number.POSITIVE_INFINITY,
      floor: Number.POSITIVE_INFINITY,
      peak: 0,
      touched: 0,
      cells: 0,
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      best.floor = Math.min(best.floor, await readPlainly(database));
      const { seconds, cpuSeconds, peak, result } = await ask(database);
      best.cpu = Math.min(best.cpu, cpuSeconds);
      best.seconds = Math.min(best.seconds, seconds);
      best.peak = Math.max(best.peak, peak);
      [best.touched, best.cells] = [result.touched, result.people * result.portals.length];
    }
    return {
      people,
      cells: best.cells,
      touched: best.touched,
      seconds: best.seconds,
      cpuSeconds: best.cpu,
      floorSeconds: best.floor,
      ratio: best.floor / best.seconds,
      megabytes: Math.max(0, Math.round((best.peak - before) / MIB)),
    };
  } finally {
    await database.stop();
  }
};
