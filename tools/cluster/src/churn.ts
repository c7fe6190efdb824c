import { setTimeout as delay } from 'node:timers/promises';
import { step } from '@portico/pipeline-e2e';
import type { Tenant } from './tenant.js';

/** In chaos.realm.yaml somebody outside of Sales has an account in one portal and an invite in another. */
const WRITES_PER_HIRE = 2;
let hired = 0;

/** Hires one person after the other while something else happens, and has BambooHR read now and then. */
const hireMany = async (tenant: Tenant, people: number, everyMs: number): Promise<void> => {
  for (let count = 1; count <= people; count += 1) {
    hired += 1;
    const workEmail = `hire.${hired}@${tenant.name}.example`;
    await tenant.control.hire({ firstName: 'Ada', lastName: `Moss ${hired}`, department: 'Finance', workEmail });
    if (count % 5 === 0) await tenant.admin.run(tenant.name, 'changed');
    await delay(everyMs);
  }
};

export interface Churn {
  readonly people: number;
  readonly everyMs: number;
  /** Most time that it may take to settle afterwards. */
  readonly settleMs?: number;
}

/**
 * Hires people while `disturbance` goes on; afterwards each call must have been made once, and the end state be right.
 * Answers how many faults there were.
 */
export const undisturbed = async (
  tenant: Tenant,
  { people, everyMs, settleMs = 180_000 }: Churn,
  what: string,
  disturbance: () => Promise<unknown>,
): Promise<number> => {
  const before = await tenant.control.writes();
  await Promise.all([hireMany(tenant, people, everyMs), disturbance()]);
  await tenant.sync('changed', settleMs);
  const writes = (await tenant.control.writes()) - before;
  const expected = people * WRITES_PER_HIRE;
  const once = writes === expected;
  step(`${once ? 'right' : 'WRONG'}: ${people} people hired meanwhile took ${writes} writes of ${expected}`);
  return (await tenant.judge(what)) + (once ? 0 : 1);
};
