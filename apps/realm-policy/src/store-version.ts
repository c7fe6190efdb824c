import type { EntityManager } from '@mikro-orm/postgresql';
import type { VersionOrigin } from '@portico/contracts';
import { NOTIFY_RELAY_SQL, recordSubjectMove, type Sql } from '@portico/messaging';
import { currentTraceparent, type Clock } from '@portico/service-kit';
import { RealmVersionEntity, type Realm } from './persistence/entities.js';
import { movePeople } from './persistence/people.js';
import { requestPolicyRedecision } from './persistence/redecisions.js';
import type { RealmDocument } from './realm/realm-document.js';
import { toRealmChanged } from './realm/to-realm-changed.js';

export interface NewVersion {
  readonly document: RealmDocument;
  readonly appliedBy: string;
  readonly origin: VersionOrigin;
}

/** Makes a document the realm's next version, to be published, and has everybody decided again. */
export const storeVersion = async (
  sql: Sql,
  em: EntityManager,
  realm: Realm,
  { document, appliedBy, origin }: NewVersion,
  clock: Clock,
): Promise<void> => {
  const now = clock.now();
  const version = realm.version + 1;
  const revision = Math.max(realm.revision + 1, now.epochMilliseconds);
  const appliedAt = new Date(now.epochMilliseconds);
  const { pool } = realm;
  em.assign(realm, {
    version,
    revision,
    document,
    pool: document.pool,
    timeZone: document.timeZone,
    event: toRealmChanged(document, { version, revision, changedAt: now.toString() }),
    eventTime: appliedAt,
    traceparent: currentTraceparent() ?? null,
  });
  em.create(RealmVersionEntity, { tenant: realm.tenant, version, document, appliedAt, appliedBy, origin });
  await em.flush();
  await movePeople(sql, realm.tenant, document.pool);
  await recordSubjectMove(sql, realm.tenant, pool, document.pool);
  await requestPolicyRedecision(sql, { tenant: realm.tenant, version, traceparent: currentTraceparent() });
  await sql(NOTIFY_RELAY_SQL);
};
