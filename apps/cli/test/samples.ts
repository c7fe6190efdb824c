import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PortalStatus, RealmPlanAnswer } from '@portico/contracts';
import type { Status } from '../src/answers.js';

export const folder = mkdtempSync(join(tmpdir(), 'portico-cli-'));
export const realmFile = join(folder, 'acme.realm.yaml');
writeFileSync(realmFile, 'tenant: acme\nlearnupon:\n  portals:\n    - portal: emea\n      audience: departmnt\n');

export const plan = (change: Partial<RealmPlanAnswer> = {}): RealmPlanAnswer => ({
  tenant: 'acme',
  storedVersion: 3,
  changes: [
    { kind: 'changed', path: 'learnupon.portals.emea.audience', from: 'false', to: 'true' },
    { kind: 'added', path: 'learnupon.portals.apac', to: { portal: 'apac', title: 'Asia' } },
    { kind: 'removed', path: 'learnupon.language', from: 'en' },
  ],
  warnings: ['nobody is in the audience of apac'],
  ...change,
});

export const academy: PortalStatus = {
  portal: 'academy',
  title: 'Acme Academy',
  wanted: 250,
  active: 240,
  pendingInvites: 2,
  outstanding: 0,
  inDoubt: 0,
  skipped: { 'refused-exists': 8 },
  effects: { created: 240, updated: 3, invited: 2 },
  calls: { reads: 4, writes: 243, throttled: 1 },
};
export const settled: Status = {
  tenant: 'acme',
  phase: 'settled',
  settled: true,
  waitingFor: [],
  attention: [],
  keptOut: [],
  unavailable: [],
  source: {
    employees: 250,
    maxRevision: 5,
    unpublished: 0,
    reads: [
      {
        id: 'run-1',
        kind: 'full',
        state: 'certified',
        startedAt: '2026-01-12T10:00:00Z',
        finishedAt: '2026-01-12T10:00:09Z',
        rows: 250,
        totals: { joiners: 250, movers: 0, leavers: 0 },
      },
    ],
  },
  policy: {
    employees: 250,
    maxEmployeeRevision: 5,
    decisions: 250,
    maxAccessRevision: 6,
    unpublished: 0,
    undecided: 0,
    policyVersion: 1,
  },
  provisioning: { people: 250, maxAccessRevision: 6, unpublished: 0, portals: [academy] },
};
export const working: Status = {
  ...settled,
  phase: 'provisioning',
  settled: false,
  waitingFor: ['110 cells of academy'],
  provisioning: { ...settled.provisioning!, portals: [{ ...academy, active: 130, outstanding: 110 }] },
};

/** Each answer once, the last for ever. */
export const inTurn = <T>(...answers: readonly T[]) => {
  let next = 0;
  return (): { body: T } => ({ body: answers[Math.min(next++, answers.length - 1)]! });
};
