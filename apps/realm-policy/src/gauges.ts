import { unpublishedRows, type RowGauge } from '@portico/database';

/** What an SRE watches. */
export const policyGauges: readonly RowGauge[] = [
  unpublishedRows({ realm: 'revision > published_revision', access: 'revision > published_revision' }),
  {
    name: 'people_gathering',
    help: 'People of a read who wait for the rest of it, to be counted before any of them is decided.',
    labels: [],
    sql: 'select count(*)::int as value from arrival where facts is not null',
  },
];
