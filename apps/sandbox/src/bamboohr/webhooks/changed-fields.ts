import type { CompanyEvent, Look } from '../../world/company.js';
import type { World } from '../../world/world.js';
import { MONITORED, type Field, type FieldValue } from '../fields.js';
import { takeSnapshot, type Snapshot } from '../snapshot.js';

const snapshotOf = ({ company, switches }: World, { employee, day }: Look): Snapshot =>
  takeSnapshot(company, employee, day, switches);

/** The fields that webhooks can watch and that the event changed; of a new record those that have a value. */
export const changedFields = (world: World, { before, after }: CompanyEvent): readonly Field[] => {
  if (!after) return [];
  const now = snapshotOf(world, after);
  const then = before && snapshotOf(world, before);
  const valueThen = ({ read }: Field): FieldValue => (then ? read(then) : null);
  return MONITORED.filter((field) => field.read(now) !== valueThen(field));
};
