import { Problem } from './http/problem.js';

/** @throws Problem where a document names another tenant than the path. */
export const refuseOtherTenant = (document: object, tenant: string): void => {
  if (!('tenant' in document) || document.tenant === tenant) return;
  const message = `is not ${tenant}, the tenant in the path`;
  throw new Problem(400, 'invalid', 'Correct what the faults name.', { faults: [{ path: 'tenant', message }] });
};
