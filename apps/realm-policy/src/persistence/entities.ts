import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { RealmChangedV1, VersionOrigin } from '@portico/contracts';
import type { RealmDocument } from '../realm/realm-document.js';

/** A tenant's configuration as it stands, and its own outbox while `revision` is above `published_revision`. */
export const RealmEntity = defineEntity({
  name: 'Realm',
  tableName: 'realm',
  properties: {
    tenant: p.text().primary(),
    /** 0 until something is applied. */
    version: p.integer(),
    pool: p.text(),
    timeZone: p.text(),
    document: p.json<RealmDocument>().nullable(),
    revision: p.bigint('number'),
    publishedRevision: p.bigint('number').persist(false),
    bulk: p.boolean(),
    event: p.json<RealmChangedV1>(),
    eventTime: p.datetime(),
    traceparent: p.text().nullable(),
  },
});
export type Realm = InferEntity<typeof RealmEntity>;

/** Every version that was applied. */
export const RealmVersionEntity = defineEntity({
  name: 'RealmVersion',
  tableName: 'realm_version',
  primaryKeys: ['tenant', 'version'],
  properties: {
    tenant: p.text().primary(),
    version: p.integer().primary(),
    document: p.json<RealmDocument>(),
    appliedAt: p.datetime(),
    appliedBy: p.text(),
    /** What made it. */
    origin: p.text().$type<VersionOrigin>().default('applied'),
  },
});

export type RealmVersion = InferEntity<typeof RealmVersionEntity>;

export const ENTITIES = [RealmEntity, RealmVersionEntity];
