import type { Caller, Page } from '@portico/contracts';
import { Problem } from './http/problem.js';
import type { Services } from './services.js';

export type Named<Row> = Row & { readonly name: string | null };

/** Adds names to rows of employee ids. Without realm-policy rows have no names, rather than the caller no rows. */
export const namePeople = async <Row extends { readonly employeeId: string }>(
  services: Services,
  caller: Caller,
  page: Page<Row>,
): Promise<Page<Named<Row>>> => {
  const employeeIds = [...new Set(page.rows.map((row) => row.employeeId))];
  const names = employeeIds.length === 0 ? {} : await namesOf(services, caller, employeeIds);
  return { ...page, rows: page.rows.map((row) => ({ ...row, name: names[row.employeeId] ?? null })) };
};

const namesOf = async (services: Services, caller: Caller, employeeIds: readonly string[]) => {
  try {
    return await services.peopleNames(caller, { employeeIds });
  } catch (error) {
    if (error instanceof Problem && error.body.code === 'unavailable') return {};
    throw error;
  }
};
