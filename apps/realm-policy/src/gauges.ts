import { unpublishedRows, type RowGauge } from '@portico/database';

/** What an SRE watches. */
export const policyGauges: readonly RowGauge[] = [
  unpublishedRows({ realm: 'revision > published_revision', access: 'revision > published_revision' }),
];
