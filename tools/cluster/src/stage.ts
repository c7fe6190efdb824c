import type { Installation } from './installation.js';
import type { Namespace } from './namespace.js';
import type { Tenant } from './tenant.js';

/** What the parts of the test work on, one after the other. */
export interface Stage {
  readonly namespace: Namespace;
  readonly installation: Installation;
  /** `name:tag` of the services and of the sandbox, both in reach of the cluster. */
  readonly image: string;
  readonly sandboxImage: string;
  readonly tenants: Map<string, Tenant>;
}

export const tenantOf = ({ tenants }: Stage, name: string): Tenant => {
  const tenant = tenants.get(name);
  if (tenant === undefined) throw new Error(`${name} is not there: the part that opens it did not run`);
  return tenant;
};
