import type { Hindrance, Holder, Portal } from './facts.js';

/** Sentences for people: who or what is in the way, and the remedy. */

const WHY_HELD: Record<Holder['because'], (who: string, where: string) => string> = {
  wanted: (who) => `${who} is to have this identifier too: correct one of the two records in BambooHR`,
  kept: (who, where) =>
    `${who} has no e-mail address in BambooHR any more, and keeps this one${where}: give ${who} an address in ` +
    `BambooHR, or end their access`,
  account: (who, where) =>
    `the account of ${who}${where} still has this identifier: it is free as soon as that account has another one`,
  invite: (who, where) => `${who} has a pending invite at this address${where}: it is free when that is cancelled`,
  call: (who) => `a call for ${who}, who holds this identifier, has no known outcome yet`,
};

export const claimedBy = ({ employeeId, because, portal }: Holder): Hindrance => ({
  reason: 'identifier-claimed',
  detail: WHY_HELD[because](`employee ${employeeId}`, portal === undefined ? '' : ` in ${portal}`),
  blockedBy: { employeeId },
});

export const ownedBy = (employeeId: string): Hindrance => ({
  reason: 'identifier-claimed',
  detail: `the account with this identifier is employee ${employeeId}'s: it is free as soon as that account has another one`,
  blockedBy: { employeeId },
});

export const nameMismatch = (employeeId: string, portal: string, accountId: string): Hindrance => ({
  reason: 'name-mismatch',
  detail:
    `account ${accountId} in ${portal} has this identifier and another name. If it is this person's: ` +
    `portico correlate ${employeeId} ${portal} ${accountId}. If not: give that account another identifier`,
});

export const neededIn = ({ portal }: Portal): Hindrance => ({
  reason: 'needed-in-sub-portal',
  detail: `disabling here would disable in ${portal} too, where the person is to stay`,
  blockedBy: { portal },
});

/** What the gate keeps back here. */
export const keptBack: Hindrance = {
  reason: 'held',
  detail:
    'so many people would lose access within a day that nothing is taken away until somebody approves: portico holds shows ' +
    'who they are. If it is not meant, correct the records in BambooHR or the policy',
};

export const keptBackIn = ({ portal }: Portal): Hindrance => ({
  reason: 'needed-in-sub-portal',
  detail: `disabling here would disable in ${portal} too, where the gate keeps that back: see portico holds`,
  blockedBy: { portal },
});

export const keptWhereOff = ({ portal }: Portal): Hindrance => ({
  reason: 'needed-in-sub-portal',
  detail:
    `${portal} is off or was taken out, so nothing there may change, and the person has an enabled account there that ` +
    `disabling here would disable too: disable it in ${portal} by hand, or this one if that is meant`,
  blockedBy: { portal },
});

export const accountByHand = ({ portal }: Portal): Hindrance => ({
  reason: 'not-ours',
  detail: `disabling here would disable an account in ${portal} too that Portico neither made nor correlated`,
  blockedBy: { portal },
});

export const unreadPortal = ({ portal, mode }: Portal): Hindrance => ({
  reason: 'waiting-for-mirror',
  detail:
    mode === 'off'
      ? `${portal} is off or was taken out, and is read once more: disabling here would disable an account there too. ` +
        `If it can't be read any more, disable here by hand`
      : `waits for a complete read of ${portal}, which disabling here would disable too`,
  blockedBy: { portal },
});

export const foreignAdmin = ({ portal, topLevel }: Portal): Hindrance =>
  topLevel
    ? { reason: 'top-level-admin' }
    : { reason: 'not-ours', detail: `the account is an admin of ${portal}, made one by hand: Portico leaves it alone` };

export const unreadGroups = ({ portal }: Portal): Hindrance => ({
  reason: 'waiting-for-mirror',
  detail: `waits for the list of groups of ${portal}`,
});

export const openInvite = ({ portal }: Portal): Hindrance => ({
  reason: 'waiting-for-mirror',
  detail: `gets the new e-mail address when the invite to the old one in ${portal} is cancelled, or known to be accepted`,
  blockedBy: { portal },
});

const quoted = (titles: readonly string[]): string => titles.map((title) => `"${title}"`).join(', ');

export const heldInvite = ({ portal }: Portal): Hindrance => ({
  reason: 'held',
  detail:
    `gets the new e-mail address when the invite to the old one in ${portal} is cancelled, which the gate keeps back: ` +
    `see portico holds`,
  blockedBy: { portal },
});

/** What can't be as policy wants it, although the account is. */
export const missingHere = (groups: readonly string[], fields: readonly string[]): Hindrance | undefined => {
  if (groups.length === 0 && fields.length === 0) return undefined;
  const sentences = [
    ...(groups.length === 0 ? [] : [`no group is titled ${quoted(groups)}: make it there, or correct the policy`]),
    ...(fields.length === 0
      ? []
      : [`custom user data ${fields.join(', ')}: correct it in the portal's Settings > Users, or the mapping`]),
  ];
  return { reason: fields.length > 0 ? 'field-missing' : 'group-missing', detail: sentences.join('. ') };
};
