import { InvalidContractError, MalformedEventError } from '@portico/contracts';
import type { JetStreamDelivery } from './delivery.js';

/** Milliseconds before the second, third, … delivery; the last one holds from there on: 15 take half an hour. */
const BACKOFF_MS = [200, 1_000, 2_000, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000];
export const backoffMs = (redeliveries: number): number =>
  BACKOFF_MS[Math.min(redeliveries, BACKOFF_MS.length - 1)] ?? 0;

/** From this redelivery on a message is handled alone, so that a poisonous one drags no other with it. */
export const ALONE_FROM_REDELIVERY = 2;

/** The class alone, except where the message is known to hold names and rules and never values. */
export const errorForDeadLetter = (error: unknown): string => {
  if (error instanceof InvalidContractError || error instanceof MalformedEventError) {
    return `${error.name}: ${error.message}`;
  }
  if (error instanceof SyntaxError) return 'SyntaxError: the body is not JSON';
  return error instanceof Error ? error.name : 'not an Error';
};

/** Errors that no later delivery can mend. */
const isBeyondRepair = (error: unknown): boolean =>
  error instanceof InvalidContractError || error instanceof MalformedEventError || error instanceof SyntaxError;

/**
 * What becomes of a delivery after its handler: unsettled and no error is acknowledged; unsettled and an error is
 * returned with a delay, or given up: at its last delivery, or at once where the error is its own and beyond repair.
 */
export const settleAfterHandler = (
  delivery: JetStreamDelivery,
  error: unknown,
  { maxDeliver, isAlone }: { readonly maxDeliver: number; readonly isAlone: boolean },
): void => {
  if (delivery.isSettled) return;
  const isLast = delivery.redeliveries + 1 >= maxDeliver;
  if (error === undefined) delivery.ack();
  else if (isLast || (isAlone && isBeyondRepair(error))) delivery.term(errorForDeadLetter(error));
  else delivery.nak(backoffMs(delivery.redeliveries));
};
