import {
  decideAccess,
  explainDecision,
  type AccessReason,
  type DecisionTime,
  type EmployeeFacts,
  type PortalDecision,
  type PreviousAccess,
  type RealmPolicy,
} from '@portico/access-policy';
import { describeReason, type ExampleView } from '@portico/contracts';
import { nameOf, type PolicyExample } from './example.js';

/** Who an example is about, and what is decided of them. */
export interface ExamplePerson {
  readonly facts: EmployeeFacts;
  readonly previous: readonly PreviousAccess[];
}

/** Here a switch decides, and not whether the person belongs. */
const SWITCHED: ReadonlySet<AccessReason> = new Set<AccessReason>(['portal-off', 'not-in-ramp', 'access-ended']);

/** How an example stands under a policy. */
export const judgeExample = (
  example: PolicyExample,
  index: number,
  person: ExamplePerson | undefined,
  policy: RealmPolicy,
  time: DecisionTime,
): ExampleView => {
  const { employee, in: isIn = [], notIn = [] } = example;
  const view = {
    name: nameOf(example, index),
    in: isIn,
    notIn,
    ...(employee === undefined ? {} : { employeeId: employee }),
  };
  if (person === undefined) return { ...view, outcome: 'unknown', differences: [`employee ${employee} is not known`] };
  const { portals } = decideAccess(person.facts, policy, person.previous, time);
  const compared = [
    ...isIn.map((portal) => [portal, true] as const),
    ...notIn.map((portal) => [portal, false] as const),
  ];
  const found = compared.flatMap(([portal, belongs]) => {
    const decision = portals.find((one) => one.portal === portal);
    const isSwitched = decision !== undefined && SWITCHED.has(decision.reason);
    if ((decision?.access === 'granted') === belongs && !isSwitched) return [];
    return [{ isSwitched, text: differenceOf(portal, belongs, decision, person.facts, policy, time) }];
  });
  const isBroken = found.some(({ isSwitched }) => !isSwitched);
  return {
    ...view,
    outcome: isBroken ? 'broken' : found.length > 0 ? 'unknown' : 'holds',
    differences: found.map(({ text }) => text),
  };
};

const differenceOf = (
  portal: string,
  belongs: boolean,
  decision: PortalDecision | undefined,
  facts: EmployeeFacts,
  policy: RealmPolicy,
  time: DecisionTime,
): string => {
  const wish = belongs ? `belongs in ${portal}, and is not` : `does not belong in ${portal}, and is`;
  const own = policy.portals.find((one) => one.portal === portal);
  if (decision === undefined || own === undefined) return `${wish}: there is no such portal`;
  const { part } = explainDecision(facts, policy, own, decision, time);
  const because = part === undefined ? '' : `: ${part.expression} is ${part.holds ?? 'unknown'}`;
  return `${wish}: ${describeReason(decision.reason)} (${decision.reason})${because}`;
};
