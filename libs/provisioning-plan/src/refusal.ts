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

export const isRefusedOperation = (realm: Realm, cell: Cell, operation: Operation): boolean =>
  cell.refusal !== undefined && cell.refusal.key === refusalKey(realm, cell.refusal.reason, operation);

/** Whether creating this cell's account was refused for that reason, and would be again. */
export const isRefused = (realm: Realm, cell: Cell, reason: Reason): boolean =>
  cell.refusal?.reason === reason &&
  cell.learner !== undefined &&
  isRefusedOperation(realm, cell, createOf(cell.learner));
