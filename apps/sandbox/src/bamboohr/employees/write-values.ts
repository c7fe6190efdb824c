import type { ListAlias } from '../../world/option-lists.js';
import { UNSET_DATE } from '../fields.js';
import { firstLast, lastFirst } from '../names.js';
import type { World } from '../../world/world.js';
import { isDay } from '../request.js';

/** A value that can't be written, and why. */
export class BadValue extends Error {}

export const dayOf = (name: string, text: string | null): string | null => {
  if (text === null || text === '' || text === UNSET_DATE) return null;
  if (!isDay(text)) throw new BadValue(`Invalid date for ${name}`);
  return text;
};

/** An option of a list, in whatever case, as the list writes it. */
export const optionOf = (world: World, alias: ListAlias, text: string | null): string | null => {
  if (text === null || text.trim() === '') return null;
  const list = world.company.lists[alias];
  if (world.switches.unknownOptionOnWrite === 'add') list.ensure(text, world.clock.now());
  const option = list.find(text);
  if (!option) throw new BadValue(`Invalid list value for ${alias}`);
  return option.name;
};

/** An employee by number or by name. */
export const managerIdOf = ({ company }: World, text: string | null): number | null => {
  if (text === null || text.trim() === '') return null;
  if (/^\d{1,15}$/.test(text) && company.find(Number(text))) return Number(text);
  const wanted = text.toLowerCase();
  for (const employee of company.all()) {
    const names = [firstLast(employee), lastFirst(employee)];
    if (names.some((name) => name?.toLowerCase() === wanted)) return employee.id;
  }
  throw new BadValue('Invalid value for reportsTo');
};

export const isActiveStatus = (text: string | null): boolean => {
  const status = text?.toLowerCase();
  if (status !== 'active' && status !== 'inactive') throw new BadValue('Invalid value for status');
  return status === 'active';
};
