import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { Place } from './mirror.js';

const COUNT = prepared(`
  insert into effect (tenant, portal, effect, total)
  select $1, $2, effect, count(*) from unnest($3::text[]) as happened (effect) group by effect order by effect
  on conflict (tenant, portal, effect) do update set total = effect.total + excluded.total`);

/** Adds to how often each effect happened in a portal. */
export const countEffects = async (sql: Sql, { tenant, portal }: Place, effects: readonly string[]): Promise<void> => {
  if (effects.length === 0) return;
  await sql(COUNT, [tenant, portal, effects]);
};
