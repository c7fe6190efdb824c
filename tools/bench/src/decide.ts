import { decideAccess, type PortalDecision } from '@portico/access-policy';
import { planProvisioning, type Cell, type Realm } from '@portico/provisioning-plan';
import { checkDocument, policyOf } from '@portico/realm-policy';
import { DAY, employee, NOON, realmOf } from './policy-company.js';

const CELLS = 1_000_000;
const MIB = 1024 * 1024;

export interface DecideMeasure {
  readonly cells: number;
  /** Of one core. */
  readonly seconds: number;
  readonly decideSeconds: number;
  /** The same people and portals gone through, and nothing decided. */
  readonly floorSeconds: number;
  readonly megabytes: number;
}

const cellOf = (decision: PortalDecision, index: number): Cell =>
  ({
    portal: decision.portal,
    access: decision.access,
    policyReason: decision.reason,
    leaving: decision.leaving,
    ...(decision.learner === undefined ? {} : { learner: decision.learner }),
    // Every other cell that is granted has its account already, alike or not.
    accounts:
      decision.access === 'granted' && index % 2 === 0
        ? [
            {
              accountId: `a${index}`,
              ownerId: String(index),
              email: decision.learner?.email ?? null,
              username: null,
              firstName: decision.learner?.firstName ?? '',
              lastName: index % 4 === 0 ? 'Other' : (decision.learner?.lastName ?? ''),
              language: null,
              enabled: true,
              userType: 'learner' as const,
              accountExpires: null,
              customData: {},
              listed: true,
            },
          ]
        : [],
    invites: [],
  }) as Cell;

/** A million cells decided and planned, on one core and with nothing read or written. */
export const measureDecide = (): DecideMeasure => {
  const checked = checkDocument(realmOf(false), ['shared']);
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  const policy = policyOf(checked.document);
  const realm: Realm = {
    today: DAY,
    allowsDuplicates: true,
    portals: policy.portals.map(({ portal, mode }, index) => ({
      ...{ portal, mode, topLevel: index === 0 },
      ...{ usersFresh: true, invitesFresh: true, licencesFull: false },
    })),
  };
  const people = Array.from({ length: CELLS / policy.portals.length }, (_, index) => {
    const { employeeId, employment, fields, unconfirmed } = employee(index);
    const { state, hireDate = null, lastDay = null } = employment;
    return {
      employeeId,
      employment: { state, hireDate, lastDay },
      recordedOn: DAY,
      addedOn: null,
      fields,
      unconfirmed,
    };
  });
  const time = { today: DAY, now: NOON };
  const claimedByOthers = new Map();
  const cpu = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;

  const beganFloor = cpu();
  let touched = 0;
  for (const { fields } of people)
    for (const { audience } of policy.portals) touched += audience.fields.length + (fields['department']?.length ?? 0);
  const beganDeciding = cpu();
  let [operations, decideSeconds] = [0, 0];
  for (const [index, facts] of people.entries()) {
    const began = cpu();
    const { portals } = decideAccess(facts, policy, [], time);
    decideSeconds += cpu() - began;
    const cells = portals.map((decision) => cellOf(decision, index));
    for (const { operation } of planProvisioning(realm, { employeeId: facts.employeeId, cells, claimedByOthers })) {
      if (operation !== undefined) operations += 1;
    }
  }
  const ended = cpu();
  if (operations === 0 || touched === 0) throw new Error('nothing was planned');
  return {
    cells: CELLS,
    seconds: ended - beganDeciding,
    decideSeconds,
    floorSeconds: beganDeciding - beganFloor,
    megabytes: Math.round(process.memoryUsage().rss / MIB),
  };
};
