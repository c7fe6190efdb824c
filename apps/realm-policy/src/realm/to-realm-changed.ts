import { fieldsUsed } from '@portico/access-policy';
import type { RealmChangedV1 } from '@portico/contracts';
import { effectiveDocument } from './effective-document.js';
import { policyOf } from './policy-of.js';
import type { RealmDocument } from './realm-document.js';

/** What the other services are told of a realm: no rules, no secrets, and the fields that are used. */
export const toRealmChanged = (
  document: RealmDocument,
  { version, revision, changedAt }: { version: number; revision: number; changedAt: string },
): RealmChangedV1 => {
  const { tenant, active, pool, timeZone, bamboohr, learnupon } = effectiveDocument(document);
  return {
    tenant,
    revision,
    changedAt,
    policyVersion: version,
    active,
    pool,
    timeZone,
    source: { ...bamboohr, fields: [...fieldsUsed(policyOf(document))] },
    allowUserCreationIfUserAlreadyExists: learnupon.allowUserCreationIfUserAlreadyExists,
    portals: learnupon.portals.map(({ portal, title, topLevel, baseUrl, secretRef, identifier, mode }) => ({
      portal,
      title,
      topLevel,
      baseUrl,
      secretRef,
      identifier,
      mode,
    })),
  };
};
