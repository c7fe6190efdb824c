import { compilePolicy, type RealmPolicy } from '@portico/access-policy';
import type { RealmDocument } from './realm-document.js';

/** A stored document that this version can't compile any more; the message names the tenant, places and faults. */
export class PolicyBrokenError extends Error {
  override readonly name = 'PolicyBrokenError';
}

/** @throws PolicyBrokenError for a document that an older version let pass. */
export const policyOf = ({ tenant, learnupon }: RealmDocument): RealmPolicy => {
  const result = compilePolicy({ ...learnupon, tenant });
  if (result.ok) return result.policy;
  const faults = result.faults.map(({ path, message }) => `learnupon.${path}: ${message}`).join('; ');
  throw new PolicyBrokenError(`the realm of ${tenant} must be applied again, corrected: ${faults}`);
};

/** Compiled once per version. */
export class PolicyCache {
  private readonly compiled = new Map<string, { readonly version: number; readonly policy: RealmPolicy }>();

  get(document: RealmDocument, version: number): RealmPolicy {
    const known = this.compiled.get(document.tenant);
    if (known?.version === version) return known.policy;
    const policy = policyOf(document);
    this.compiled.set(document.tenant, { version, policy });
    return policy;
  }
}
