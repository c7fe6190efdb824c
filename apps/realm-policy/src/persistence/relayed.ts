import { SERVICES } from '@portico/contracts';
import type { StateTable } from '@portico/messaging';

/** The tables whose rows are their own outbox. */
export const realmTable: StateTable = {
  table: 'realm',
  keyColumn: 'tenant',
  subjectKind: 'realm',
  sourceName: SERVICES.policy,
};
export const accessTable: StateTable = {
  table: 'access',
  keyColumn: 'employee_id',
  subjectKind: 'access',
  sourceName: SERVICES.policy,
  privateKey: 'earlier',
};
