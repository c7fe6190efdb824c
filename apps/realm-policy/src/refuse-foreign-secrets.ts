import { isOwnSecret } from '@portico/contracts';
import { QuestionError, type Sql } from '@portico/messaging';
import type { RealmDocument } from './realm/realm-document.js';
import { secretFaults, secretsIn } from './realm/secret-faults.js';

/**
 * A secret belongs to the tenant whose name begins it, and to the one with the longer name of two. So it matters which
 * tenants there are: a new one may find that a shorter named one already uses what would be its own.
 * @param isNew the tenant has no version yet.
 * @throws QuestionError `invalid`, with all faults.
 */
export const refuseForeignSecrets = async (sql: Sql, document: RealmDocument, isNew: boolean): Promise<void> => {
  const { tenant } = document;
  // A new tenant is alone: nobody else may take its secrets between the look and the commit.
  await sql(`select pg_advisory_xact_lock${isNew ? '' : '_shared'}(hashtext('portico: whose secrets'))`);
  const longer = await sql<{ tenant: string }>(
    `select tenant from realm where version > 0 and starts_with(tenant, $1 || '-')`,
    [tenant],
  );
  const faults = [
    ...secretFaults(
      document,
      longer.map((other) => other.tenant),
    ),
    ...(isNew ? await takenAlready(sql, tenant) : []),
  ];
  if (faults.length > 0) {
    throw new QuestionError(
      'invalid',
      "the realm names secrets that are not its tenant's; nothing was applied",
      faults,
    );
  }
};

const takenAlready = async (sql: Sql, tenant: string) => {
  const shorter = await sql<{ tenant: string; document: RealmDocument }>(
    `select tenant, document from realm where version > 0 and starts_with($1, tenant || '-')`,
    [tenant],
  );
  return shorter.flatMap((other) =>
    secretsIn(other.document)
      .filter(({ secretRef }) => isOwnSecret(tenant, secretRef))
      .map(({ secretRef }) => ({
        path: 'tenant',
        message: `${other.tenant} uses the secret "${secretRef}", which would be ${tenant}'s: rename that one, or call the tenant something else`,
      })),
  );
};
