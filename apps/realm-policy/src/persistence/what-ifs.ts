import type { WhatIfAnswer, WhatIfEffect, WhatIfPerson, WhatIfResult } from '@portico/contracts';
import type { Sql } from '@portico/messaging';

/** Real time: an answer is kept for half an hour after it was last asked for. */
const KEPT = `interval '30 minutes'`;
/** Whoever works on one says so more often than this. */
const SILENT = `interval '60 seconds'`;

export interface WhatIfKey {
  readonly tenant: string;
  readonly id: string;
}

interface WhatIfRow {
  readonly state: WhatIfAnswer['state'];
  readonly done: number;
  readonly total: number;
  readonly expiresAt: Date | string;
  readonly problem: string | null;
  readonly result: WhatIfResult | null;
  readonly isSilent: boolean;
}

/** Also takes away those that nobody asked for any more. */
export const createWhatIf = async (sql: Sql, { tenant, id }: WhatIfKey, question: object): Promise<void> => {
  await sql('delete from what_if where expires_at < now()');
  await sql(
    `insert into what_if (tenant, id, state, question, touched_at, expires_at)
     values ($1, $2, 'running', $3, now(), now() + ${KEPT})`,
    [tenant, id, JSON.stringify(question)],
  );
};

/** Says how far it is. False where it was cancelled. */
export const progressWhatIf = async (
  sql: Sql,
  { tenant, id }: WhatIfKey,
  { done, total }: { done: number; total: number },
): Promise<boolean> => {
  const rows = await sql(
    `update what_if set done = $3, total = $4, touched_at = now()
     where tenant = $1 and id = $2 and state = 'running' returning id`,
    [tenant, id, done, total],
  );
  return rows.length > 0;
};

export const endWhatIf = async (
  sql: Sql,
  { tenant, id }: WhatIfKey,
  end: { readonly result: WhatIfResult } | { readonly problem: string },
): Promise<void> => {
  const result = 'result' in end ? JSON.stringify(end.result) : null;
  await sql(
    `update what_if set state = $3, result = $4::jsonb, problem = $5, touched_at = now(), expires_at = now() + ${KEPT}
     where tenant = $1 and id = $2 and state = 'running'`,
    [tenant, id, result === null ? 'failed' : 'done', result, 'problem' in end ? end.problem : null],
  );
};

export const cancelWhatIf = async (sql: Sql, { tenant, id }: WhatIfKey): Promise<void> => {
  await sql(`update what_if set state = 'cancelled' where tenant = $1 and id = $2 and state = 'running'`, [tenant, id]);
  await sql(
    `delete from what_if_person using what_if
     where what_if_person.tenant = $1 and what_if_person.id = $2
       and what_if.tenant = $1 and what_if.id = $2 and what_if.state = 'cancelled'`,
    [tenant, id],
  );
};

/** `undefined` where there is none, or it is kept no longer. */
export const readWhatIf = async (sql: Sql, { tenant, id }: WhatIfKey): Promise<WhatIfAnswer | undefined> => {
  const [row] = await sql<WhatIfRow>(
    `update what_if set expires_at = now() + ${KEPT}
     where tenant = $1 and id = $2 and expires_at >= now()
     returning state, done, total, expires_at as "expiresAt", problem, result,
       state = 'running' and total > 0 and touched_at < now() - ${SILENT} as "isSilent"`,
    [tenant, id],
  );
  if (row === undefined) return undefined;
  const { isSilent, expiresAt, problem, result, ...rest } = row;
  const answer = { id, ...rest, expiresAt: new Date(expiresAt).toISOString() };
  if (isSilent) return { ...answer, state: 'failed', problem: 'whoever worked on it is gone: ask again' };
  return { ...answer, ...(problem === null ? {} : { problem }), ...(result === null ? {} : { result }) };
};

export const addWhatIfPeople = async (
  sql: Sql,
  { tenant, id }: WhatIfKey,
  people: readonly WhatIfPerson[],
): Promise<void> => {
  if (people.length === 0) return;
  await sql(
    `insert into what_if_person (tenant, id, employee_id, cells)
     select $1, $2, * from unnest($3::text[], $4::jsonb[])`,
    [tenant, id, people.map(({ employeeId }) => employeeId), people.map(({ cells }) => JSON.stringify(cells))],
  );
};

export const whatIfPeople = (
  sql: Sql,
  { tenant, id }: WhatIfKey,
  filter: { readonly portal?: string; readonly effect?: WhatIfEffect },
  page: { readonly after: string; readonly limit: number },
): Promise<WhatIfPerson[]> =>
  sql<WhatIfPerson>(
    `select employee_id as "employeeId", cells from what_if_person
     where tenant = $1 and id = $2 and employee_id > $3 and cells @> $4::jsonb
     order by employee_id limit $5`,
    [tenant, id, page.after, JSON.stringify([filter]), page.limit],
  );
