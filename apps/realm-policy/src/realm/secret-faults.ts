import { isOwnSecret, SLUG } from '@portico/contracts';
import type { DocumentFault } from './check-document.js';
import { isSecretName } from './document-rules.js';
import { portalName } from './portal-name.js';
import type { RealmDocument } from './realm-document.js';

interface NamedSecret {
  readonly path: string;
  readonly secretRef: string;
}

/** The secrets that a document names, also where it is not right otherwise. */
export const secretsIn = ({ bamboohr, learnupon }: Partial<RealmDocument>): NamedSecret[] => {
  const portals: unknown = (learnupon as Partial<RealmDocument['learnupon']> | undefined)?.portals;
  const ofPortals = Array.isArray(portals)
    ? portals.map((portal: unknown, index) => ({
        path: `learnupon.portals.${portalName(portals, index)}.secretRef`,
        secretRef: refOf(portal),
      }))
    : [];
  return [{ path: 'bamboohr.secretRef', secretRef: refOf(bamboohr) }, ...ofPortals].filter(
    (named): named is NamedSecret => isSecretName(named.secretRef),
  );
};

const refOf = (part: unknown): unknown =>
  typeof part === 'object' && part !== null ? (part as { secretRef?: unknown }).secretRef : undefined;

/** @param others tenants that there are besides; none where they are not known yet. */
export const secretFaults = (document: RealmDocument, others: readonly string[] = []): DocumentFault[] => {
  const { tenant } = document;
  if (typeof tenant !== 'string' || !SLUG.test(tenant)) return [];
  return secretsIn(document)
    .filter(({ secretRef }) => !isOwnSecret(tenant, secretRef, others))
    .map(({ path, secretRef }) => ({
      path,
      message: `"${secretRef}" is no secret of ${tenant}'s: mount it under a name that begins with ${tenant}- and with no other tenant's name`,
    }));
};
