import type { MikroORM } from '@mikro-orm/postgresql';
import type { HealthProbe } from '@portico/service-kit';

/** Down while the database does not answer. */
export const databaseHealth = (orm: MikroORM): HealthProbe => ({
  name: 'database',
  check: async () => {
    await orm.em.fork().execute('select 1');
  },
});
