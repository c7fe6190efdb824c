import type { Cell, Operation, Reason, Realm } from './facts.js';
import { createOf } from './operations.js';

/**
 * What must change before something that was refused is sent again: for an identifier that exists elsewhere only the
 * identifier or the realm's switch, for anything else whatever was sent.
 */
export const refusalKey = (realm: Realm, reason: Reason, operation: Operation): string => {
  if (reason !== 'refused-exists' || operation.kind !== 'create') return JSON.stringify(operation);
  const { identifier, email, username } = operation;
  return JSON.stringify([identifier, identifier === 'email' ? email : username, realm.allowsDuplicates]);
};

const sorted = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** Whoever stores JSON may order it anew. */
const isSameJson = (one: string, other: string): boolean =>
  one === other || JSON.stringify(JSON.parse(one), sorted) === JSON.stringify(JSON.parse(other), sorted);

export const isRefusedOperation = (realm: Realm, { refusal }: Cell, operation: Operation): boolean =>
  refusal !== undefined && isSameJson(refusal.key, refusalKey(realm, refusal.reason, operation));

/** Whether creating this cell's account was refused for that reason, and would be again. */
export const isRefused = (realm: Realm, cell: Cell, reason: Reason): boolean =>
  cell.refusal?.reason === reason &&
  cell.learner !== undefined &&
  isRefusedOperation(realm, cell, createOf(cell.learner));
