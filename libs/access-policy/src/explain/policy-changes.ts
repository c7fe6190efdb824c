import { addDays } from '../day-number.js';
import type { AccessReason, DecisionTime } from '../decide-access.js';
import type { EmployeeFacts } from '../employee-facts.js';
import { handPicked } from '../hand-picks.js';
import type { HandPick, PortalPolicy } from '../policy.js';
import { rampShare } from '../ramp.js';
import type { Change } from './change.js';

/** Where a switch, a hand or the ramp decides, no field of the record does: the switch itself is what would. */
export const policyChanges = (
  facts: EmployeeFacts,
  portal: PortalPolicy,
  reason: AccessReason,
  { today }: DecisionTime,
): Change[] => {
  const change = (field: string, from: string | null, to: string, changed: Partial<PortalPolicy>): Change => ({
    ...{ field, from, to, rank: -1, distance: 0 },
    portal: { ...portal, ...changed },
  });
  if (reason === 'portal-off') return [change('mode', portal.mode, 'on', { mode: 'on' })];
  if (reason === 'access-ended') return [change('ended', 'true', 'false', { ended: false })];
  if (reason === 'not-in-ramp') {
    const enough = Math.min(100, Math.floor(rampShare(portal.rampSeed, facts.employeeId)) + 1);
    return [change('ramp', String(portal.ramp), String(enough), { ramp: enough })];
  }
  if (reason !== 'included' && reason !== 'excluded') return [];
  const { included, excluded } = handPicked(portal, facts.employeeId, today);
  const pick = reason === 'included' ? included : excluded;
  if (pick === undefined) return [];
  const key = reason === 'included' ? 'include' : 'exclude';
  const yesterday = addDays(today, -1);
  return [
    change(`${key}.until`, pick.until ?? null, yesterday, {
      picks: endedPicks(portal, facts.employeeId, key, yesterday),
    }),
  ];
};

const endedPicks = (
  { picks }: PortalPolicy,
  employeeId: string,
  key: 'include' | 'exclude',
  until: string,
): PortalPolicy['picks'] => {
  const own = picks?.get(employeeId) ?? { include: [], exclude: [] };
  const ended = own[key].map((pick: HandPick) => ({ ...pick, until }));
  return new Map([...(picks ?? []), [employeeId, { ...own, [key]: ended }]]);
};
