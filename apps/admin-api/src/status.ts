import {
  describeReason,
  type PolicyStatusAnswer,
  type PortalStatus,
  type ProvisioningStatusAnswer,
  type ReasonCode,
  type RevisionSum,
  type SourceReadSummary,
  type SourceStatusAnswer,
} from '@portico/contracts';

export const PHASES = ['unavailable', 'starting', 'reading', 'deciding', 'provisioning', 'settled'] as const;
/** How far the newest state has come; `settled` when nothing is on its way any more. */
export type Phase = (typeof PHASES)[number];

/** What each service answered; `undefined` where it does not know the tenant yet. */
export interface ServiceAnswers {
  readonly source?: SourceStatusAnswer | undefined;
  readonly policy?: PolicyStatusAnswer | undefined;
  readonly provisioning?: ProvisioningStatusAnswer | undefined;
  /** Services that did not answer. */
  readonly unavailable: readonly string[];
}

export interface Progress {
  readonly phase: Phase;
  readonly settled: boolean;
  /** What it waits for, in sentences; empty when settled. */
  readonly waitingFor: readonly string[];
  /** What does not mend itself: a person must look. */
  readonly attention: readonly string[];
  /** Portals that are not done and not waited for: a person must look first. */
  readonly keptOut: readonly string[];
}

/** These end by themselves, once the portal answers again or a turn of ours succeeds: they keep a portal from being settled. */
const PASSING: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['portal-unreachable', 'other']);

const waitsForPeople = ({ quarantine }: PortalStatus): boolean =>
  quarantine !== undefined && !PASSING.has(quarantine.reason);

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** Who plans by a realm that is not the newest any more is not done, whatever it says. An older service says no revision. */
const realmWaits = ({ source, policy, provisioning }: Required<Omit<ServiceAnswers, 'unavailable'>>): string[] => {
  const newest = policy?.realmRevision ?? 0;
  const isBehind = (answer: { readonly realmRevision?: number } | undefined): boolean =>
    (answer?.realmRevision ?? newest) < newest;
  return [
    ...(isBehind(source) ? ['bamboohr-ingestion to take in the newest realm'] : []),
    ...(isBehind(provisioning) ? ['learnupon-provisioning to take in the newest realm'] : []),
  ];
};

const readingWaits = ({ reads, isFullReadDue }: SourceStatusAnswer): string[] => {
  if (reads.length === 0) return ['the first read of BambooHR'];
  const waits = reads
    .filter(({ state }) => state === 'waiting' || state === 'running')
    .map(({ kind, state, reason }) => {
      const read = `a ${kind === 'full' ? 'full read' : 'read of changes'} that is ${state}`;
      return reason === undefined ? read : `${read}: ${reason}`;
    });
  return isFullReadDue === true ? [...waits, 'a full read that is due'] : waits;
};

interface Revisions {
  readonly newest: number;
  readonly sum: RevisionSum | undefined;
}

/** One that waits to be delivered again may be older than the newest: only the sums show it. */
const lacks = (receiver: Revisions, sender: Revisions): boolean =>
  receiver.sum === undefined || sender.sum === undefined
    ? receiver.newest < sender.newest
    : BigInt(receiver.sum) < BigInt(sender.sum);

const decidingWaits = (source: SourceStatusAnswer, policy: PolicyStatusAnswer): string[] => [
  ...(source.unpublished > 0 ? [`${count(source.unpublished, 'change', 'changes')} of employees to be published`] : []),
  ...(lacks(
    { newest: policy.maxEmployeeRevision, sum: policy.employeeRevisionSum },
    { newest: source.maxRevision, sum: source.revisionSum },
  )
    ? ['realm-policy to see the newest employees']
    : []),
  ...(policy.gathering ?? []).map(
    ({ people, arrived }) => `the other ${people - arrived} of a read's ${people} people`,
  ),
  ...(policy.undecided > 0 ? [`${count(policy.undecided, 'employee', 'employees')} to be decided`] : []),
  ...(policy.unpublished > 0 ? [`${count(policy.unpublished, 'decision', 'decisions')} to be published`] : []),
];

const portalWaits = ({ portal, outstanding, inDoubt }: PortalStatus): string[] => [
  ...(outstanding > 0 ? [`${count(outstanding, 'cell', 'cells')} of ${portal}`] : []),
  ...(inDoubt > 0 ? [`${count(inDoubt, 'call', 'calls')} in doubt at ${portal}`] : []),
];

const provisioningWaits = (policy: PolicyStatusAnswer, provisioning: ProvisioningStatusAnswer): string[] => [
  ...(lacks(
    { newest: provisioning.maxAccessRevision, sum: provisioning.accessRevisionSum },
    { newest: policy.maxAccessRevision, sum: policy.accessRevisionSum },
  )
    ? ['learnupon-provisioning to see the newest decisions']
    : []),
  ...provisioning.portals.filter((portal) => !waitsForPeople(portal)).flatMap(portalWaits),
  ...(provisioning.unpublished > 0
    ? [`${count(provisioning.unpublished, 'outcome', 'outcomes')} to be published`]
    : []),
];

const endOf = ({ finishedAt }: SourceReadSummary): string => finishedAt ?? '';

const readAttention = ({ reads }: SourceStatusAnswer): string[] => {
  const [last] = reads.filter(({ finishedAt }) => finishedAt).toSorted((a, b) => endOf(b).localeCompare(endOf(a)));
  if (last?.state !== 'refused' && last?.state !== 'failed') return [];
  const how = last.state === 'failed' ? 'failed' : 'was refused';
  return [`the last read of BambooHR ${how}: ${last.reason ?? 'no reason was given'}`];
};

const portalAttention = ({ portal, quarantine, skipped }: PortalStatus): string[] => [
  ...(quarantine
    ? [`${portal} is kept out since ${quarantine.since}: ${describeReason(quarantine.reason)}. ${quarantine.message}`]
    : []),
  ...((skipped['doubt-unreadable'] ?? 0) > 0
    ? [`${portal}: ${count(skipped['doubt-unreadable'] ?? 0, 'call', 'calls')} whose effect can't be read`]
    : []),
];

const attentionOf = ({ source, provisioning }: ServiceAnswers): string[] => [
  ...(source ? readAttention(source) : []),
  ...(provisioning?.portals ?? []).flatMap(portalAttention),
  ...(provisioning?.attention ?? []),
];

/** The first stage of the way that still waits for something. */
const stageOf = ({ source, policy, provisioning, unavailable }: ServiceAnswers): [Phase, string[]] => {
  if (unavailable.length > 0) return ['unavailable', unavailable.map((service) => `${service} to answer`)];
  if (!source || !policy || !provisioning) return ['starting', ['every service to take in the realm']];
  const stages: [Phase, string[]][] = [
    ['starting', realmWaits({ source, policy, provisioning })],
    ['reading', readingWaits(source)],
    ['deciding', decidingWaits(source, policy)],
    ['provisioning', provisioningWaits(policy, provisioning)],
  ];
  return stages.find(([, waits]) => waits.length > 0) ?? ['settled', []];
};

/** How far a tenant is, from what the three services say. */
export const progressOf = (answers: ServiceAnswers): Progress => {
  const [phase, waitingFor] = stageOf(answers);
  const keptOut = (answers.provisioning?.portals ?? []).filter(waitsForPeople).map(({ portal }) => portal);
  return { phase, settled: phase === 'settled', waitingFor, attention: attentionOf(answers), keptOut };
};
