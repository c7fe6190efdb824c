import { effectOf } from './compare-decisions.js';
import type { Hold, PortalDecision, PreviousAccess } from './decide-access.js';

/** Where more people than both of these would lose access to one portal within a day, nothing is taken until a person approves. */
export interface Gate {
  readonly people: number;
  /** Of those who had access. */
  readonly percent: number;
}

export const DEFAULT_GATE: Gate = { people: 20, percent: 10 };

/** @param of how many had access before. */
export const closesGate = ({ people, percent }: Gate, taken: number, of: number): boolean =>
  taken > people && taken * 100 > of * percent;

/** What was held stays held, whatever else changes, until access is granted again. */
export const carryHolds = (
  before: readonly PreviousAccess[],
  after: readonly PortalDecision[],
): readonly PortalDecision[] =>
  before.some(({ hold }) => hold !== undefined)
    ? after.map((decision) => {
        const hold = before.find(({ portal }) => portal === decision.portal)?.hold;
        return hold === undefined || decision.access !== 'withheld' ? decision : { ...decision, hold };
      })
    : after;

/**
 * Holds what this cause takes away in portals where the gate is closed to it. An end of access for everybody passes: its
 * number was confirmed.
 */
export const holdBack = (
  before: readonly PreviousAccess[],
  after: readonly PortalDecision[],
  holdOf: (portal: string) => Hold | undefined,
): readonly PortalDecision[] =>
  after.map((decision) => {
    const isTaken = decision.access === 'withheld' && decision.reason !== 'access-ended';
    const hold = isTaken ? holdOf(decision.portal) : undefined;
    if (hold === undefined) return decision;
    const was = before.find(({ portal }) => portal === decision.portal);
    return effectOf(was, decision) === 'withheld' ? { ...decision, hold } : decision;
  });
