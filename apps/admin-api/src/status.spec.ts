import type { PortalStatus, SourceReadSummary } from '@portico/contracts';
import { progressOf, type ServiceAnswers } from './status.js';

const read: SourceReadSummary = { id: 'r1', kind: 'full', state: 'certified', finishedAt: '2026-01-12T10:00:00Z' };
const portal: PortalStatus = {
  portal: 'academy',
  title: 'Acme Academy',
  wanted: 3,
  active: 3,
  pendingInvites: 0,
  outstanding: 0,
  inDoubt: 0,
  skipped: {},
  effects: { created: 3 },
  calls: { reads: 1, writes: 3, throttled: 0 },
};
const source = { employees: 3, maxRevision: 10, revisionSum: '27', unpublished: 0, reads: [read] };
const { revisionSum: _, ...olderSource } = source;
const policy = {
  employees: 3,
  maxEmployeeRevision: 10,
  employeeRevisionSum: '27',
  decisions: 3,
  maxAccessRevision: 20,
  accessRevisionSum: '57',
  unpublished: 0,
  undecided: 0,
  policyVersion: 1,
};
const provisioning = { people: 3, maxAccessRevision: 20, accessRevisionSum: '57', unpublished: 0, portals: [portal] };
const settled: ServiceAnswers = { source, policy, provisioning, unavailable: [] };

describe('progressOf', () => {
  it('is settled when nothing is on its way', () => {
    expect(progressOf(settled)).toEqual({
      phase: 'settled',
      settled: true,
      waitingFor: [],
      attention: [],
      keptOut: [],
    });
  });

  it.each<[string, Partial<ServiceAnswers>, string, string]>([
    ['a silent service', { policy: undefined, unavailable: ['realm-policy'] }, 'unavailable', 'realm-policy to answer'],
    ['a service without the realm', { source: undefined }, 'starting', 'every service to take in the realm'],
    [
      'a source without the newest realm',
      { source: { ...source, realmRevision: 6 }, policy: { ...policy, realmRevision: 7 } },
      'starting',
      'bamboohr-ingestion to take in the newest realm',
    ],
    [
      'lanes without the newest realm',
      { provisioning: { ...provisioning, realmRevision: 6 }, policy: { ...policy, realmRevision: 7 } },
      'starting',
      'learnupon-provisioning to take in the newest realm',
    ],
    [
      'a read that nobody has begun',
      { source: { ...source, isFullReadDue: true } },
      'reading',
      'a full read that is due',
    ],
    ['no read yet', { source: { ...source, reads: [] } }, 'reading', 'the first read of BambooHR'],
    [
      'a running read',
      { source: { ...source, reads: [read, { ...read, id: 'r2', state: 'running' }] } },
      'reading',
      'a full read that is running',
    ],
    [
      'a read that was asked for',
      { source: { ...source, reads: [{ id: 'r2', kind: 'changed', state: 'waiting' }, read] } },
      'reading',
      'a read of changes that is waiting',
    ],
    [
      'a read that waits for somebody',
      { source: { ...source, reads: [{ id: 'r2', kind: 'full', state: 'waiting', reason: 'secret "x" is missing' }] } },
      'reading',
      'a full read that is waiting: secret "x" is missing',
    ],
    [
      'unpublished employees',
      { source: { ...source, unpublished: 1 } },
      'deciding',
      '1 change of employees to be published',
    ],
    [
      'unseen employees',
      { source: { ...source, revisionSum: '28' } },
      'deciding',
      'realm-policy to see the newest employees',
    ],
    [
      'unseen employees, as an older version tells it',
      { source: { ...olderSource, maxRevision: 11 } },
      'deciding',
      'realm-policy to see the newest employees',
    ],
    ['undecided employees', { policy: { ...policy, undecided: 2 } }, 'deciding', '2 employees to be decided'],
    ['unpublished decisions', { policy: { ...policy, unpublished: 2 } }, 'deciding', '2 decisions to be published'],
    [
      'unseen decisions',
      { policy: { ...policy, accessRevisionSum: '58' } },
      'provisioning',
      'learnupon-provisioning to see the newest decisions',
    ],
    [
      'an older decision that is to be delivered again, of more than a number holds',
      {
        policy: { ...policy, accessRevisionSum: '90071992547409930' },
        provisioning: { ...provisioning, accessRevisionSum: '90071992547409929' },
      },
      'provisioning',
      'learnupon-provisioning to see the newest decisions',
    ],
    [
      'work of a lane',
      { provisioning: { ...provisioning, portals: [portal, { ...portal, portal: 'emea', outstanding: 5 }] } },
      'provisioning',
      '5 cells of emea',
    ],
    [
      'a call in doubt',
      { provisioning: { ...provisioning, portals: [{ ...portal, inDoubt: 1 }] } },
      'provisioning',
      '1 call in doubt at academy',
    ],
    [
      'unpublished outcomes',
      { provisioning: { ...provisioning, unpublished: 4 } },
      'provisioning',
      '4 outcomes to be published',
    ],
  ])('waits for %s', (_, change, phase, waitingFor) => {
    expect(progressOf({ ...settled, ...change })).toMatchObject({ phase, settled: false, waitingFor: [waitingFor] });
  });

  it('does not wait for a realm that an older service cannot name, nor for one that is older than what was taken in', () => {
    const answers = { ...settled, source: { ...source, realmRevision: 8 }, policy: { ...policy, realmRevision: 7 } };
    expect(progressOf(answers)).toMatchObject({ settled: true });
  });

  it('says how many people of a read are waited for', () => {
    const [since, decidedAt] = ['2026-01-12T10:00:00Z', '2026-01-12T10:00:15Z'];
    const gathering = [{ cause: { kind: 'read', id: 'r1' } as const, people: 1_000, arrived: 950, since, decidedAt }];
    expect(progressOf({ ...settled, policy: { ...policy, undecided: 950, gathering } })).toMatchObject({
      phase: 'deciding',
      waitingFor: ["the other 50 of a read's 1000 people", '950 employees to be decided'],
    });
  });

  const quarantined = (reason: 'portal-unauthorised' | 'portal-unreachable' | 'other') => ({
    ...settled,
    provisioning: {
      ...provisioning,
      portals: [
        {
          ...portal,
          outstanding: 7,
          quarantine: { reason, since: '2026-01-12T10:00:00Z', message: 'Mount a new key.' },
        },
      ],
    },
  });

  it('does not wait for what waits for people, and says so', () => {
    expect(progressOf(quarantined('portal-unauthorised'))).toMatchObject({
      settled: true,
      keptOut: ['academy'],
      attention: ['academy is kept out since 2026-01-12T10:00:00Z: the portal refuses its key. Mount a new key.'],
    });
  });

  // `other`: a turn failed by our own fault, such as a database that was killed, and is taken again.
  it.each(['portal-unreachable', 'other'] as const)('waits for a portal that may answer again: %s', (reason) => {
    expect(progressOf(quarantined(reason))).toMatchObject({
      settled: false,
      phase: 'provisioning',
      keptOut: [],
    });
  });

  it('passes on what provisioning wants people to look at', () => {
    const attention = ['employees 1, 2 are each to have …'];
    expect(progressOf({ ...settled, provisioning: { ...provisioning, attention } }).attention).toEqual(attention);
  });

  it('draws attention to the last read when it failed, not to older ones', () => {
    const failed: SourceReadSummary = {
      id: 'r0',
      kind: 'full',
      state: 'refused',
      finishedAt: '2026-01-12T11:00:00Z',
      reason: 'half of the company is missing: read again',
    };
    const attention = (reads: SourceReadSummary[]) =>
      progressOf({ ...settled, source: { ...source, reads } }).attention;
    expect(attention([read, failed])).toEqual([
      'the last read of BambooHR was refused: half of the company is missing: read again',
    ]);
    expect(attention([{ ...failed, finishedAt: '2026-01-12T09:00:00Z' }, read])).toEqual([]);
  });
});
