import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type {
  Caller,
  RealmApplyAnswer,
  RealmDocumentRequest,
  RealmGetAnswer,
  RealmPlanAnswer,
} from '@portico/contracts';
import { NOTIFY_RELAY_SQL, QuestionError, type Sql } from '@portico/messaging';
import { CLOCK, currentTraceparent, type Clock } from '@portico/service-kit';
import { PolicyConfig } from './config.js';
import { RealmEntity, RealmVersionEntity, type Realm } from './persistence/entities.js';
import { movePeople } from './persistence/people.js';
import { lockRealm } from './persistence/realms.js';
import { requestPolicyRedecision } from './persistence/redecisions.js';
import { inTransaction } from '@portico/database';
import { checkDocument } from './realm/check-document.js';
import { diffDocuments } from './realm/diff-documents.js';
import type { RealmDocument } from './realm/realm-document.js';
import { toRealmChanged } from './realm/to-realm-changed.js';
import { warnOf } from './realm/warn-of.js';

/** Plans, applies and gives back realm.yaml. */
@Injectable()
export class ApplyRealm {
  constructor(
    private readonly orm: MikroORM,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly config: PolicyConfig,
  ) {}

  /** @throws QuestionError `not-found` before the first apply. */
  async get(caller: Caller): Promise<RealmGetAnswer> {
    const realm = await this.orm.em.fork().findOne(RealmEntity, { tenant: caller.tenant });
    if (realm?.document) return { version: realm.version, document: realm.document };
    throw new QuestionError('not-found', `${caller.tenant} has no realm yet: apply its realm.yaml`);
  }

  /** What applying would change; changes nothing. */
  async plan(caller: Caller, request: RealmDocumentRequest): Promise<RealmPlanAnswer> {
    const document = this.check(caller, request);
    const realm = await this.orm.em.fork().findOne(RealmEntity, { tenant: caller.tenant });
    return planOf(realm ?? undefined, document, request);
  }

  /**
   * Stores the document as the next version, all of it or nothing, and has everybody decided again. The same document
   * makes no version. Two at once wait for each other.
   */
  async apply(caller: Caller, request: RealmDocumentRequest): Promise<RealmApplyAnswer> {
    if (caller.role !== 'admin') throw new QuestionError('forbidden', 'only an admin may apply a realm');
    const document = this.check(caller, request);
    return inTransaction(this.orm, async (sql, em) => {
      const realm = await lockRealm(sql, em, document.tenant);
      const plan = planOf(realm, document, request);
      if (plan.changes.length === 0) return { ...plan, version: realm.version, applied: false };
      await this.store(sql, em, realm, document, caller);
      return { ...plan, version: realm.version, applied: true };
    });
  }

  private async store(
    sql: Sql,
    em: EntityManager,
    realm: Realm,
    document: RealmDocument,
    caller: Caller,
  ): Promise<void> {
    const now = this.clock.now();
    const version = realm.version + 1;
    const revision = Math.max(realm.revision + 1, now.epochMilliseconds);
    const appliedAt = new Date(now.epochMilliseconds);
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
    em.create(RealmVersionEntity, { tenant: realm.tenant, version, document, appliedAt, appliedBy: caller.name });
    await em.flush();
    await movePeople(sql, realm.tenant, document.pool);
    await requestPolicyRedecision(sql, { tenant: realm.tenant, version, traceparent: currentTraceparent() });
    await sql(NOTIFY_RELAY_SQL);
  }

  private check(caller: Caller, { document }: RealmDocumentRequest): RealmDocument {
    const result = checkDocument(document, this.config.poolsAvailable);
    if (!result.ok) {
      const count = result.faults.length === 1 ? 'a fault' : `${result.faults.length} faults`;
      throw new QuestionError('invalid', `the realm has ${count}; nothing was applied`, result.faults);
    }
    if (result.document.tenant === caller.tenant) return result.document;
    throw new QuestionError('forbidden', `the realm is ${result.document.tenant}'s, and you act for ${caller.tenant}`);
  }
}

const planOf = (
  realm: Realm | undefined,
  document: RealmDocument,
  { expectedVersion }: RealmDocumentRequest,
): RealmPlanAnswer => {
  const storedVersion = realm?.version ?? 0;
  if (expectedVersion !== undefined && expectedVersion !== storedVersion) {
    const message = `version ${storedVersion} is stored, and you began with ${expectedVersion}: get it, and change that`;
    throw new QuestionError('conflict', message);
  }
  const stored = realm?.document ?? undefined;
  return {
    tenant: document.tenant,
    storedVersion,
    changes: diffDocuments(stored, document),
    warnings: warnOf(document, stored),
  };
};
