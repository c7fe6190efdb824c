import { MikroORM } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import {
  SLUG,
  type Caller,
  type RealmApplyAnswer,
  type RealmDocumentRequest,
  type RealmGetAnswer,
  type RealmPlanAnswer,
  type VersionOrigin,
} from '@portico/contracts';
import { QuestionError, type Sql } from '@portico/messaging';
import { CLOCK, type Clock } from '@portico/service-kit';
import { PolicyConfig } from './config.js';
import type { DecisionFrame } from './decide-person.js';
import { RealmEntity } from './persistence/entities.js';
import { lockRealm } from './persistence/realms.js';
import { inTransaction, sqlOf, withEntities } from '@portico/database';
import { checkExamples } from './examples/check-examples.js';
import { checkDocument, type DocumentFault, type DocumentResult } from './realm/check-document.js';
import { endedPortals } from './realm/effective-document.js';
import { planOf } from './realm/plan-realm.js';
import { policyOf } from './realm/policy-of.js';
import type { RealmDocument } from './realm/realm-document.js';
import { warnOfReturnedPortals } from './returned-portals.js';
import { warnOfUsernames } from './warn-of-usernames.js';
import { refuseForeignSecrets } from './refuse-foreign-secrets.js';
import { storeVersion } from './store-version.js';

/** A plan, and the document with what it leaves out filled in. */
export interface Draft extends RealmPlanAnswer {
  readonly document: RealmDocument;
}

export interface ApplyOptions {
  readonly origin?: VersionOrigin;
  /** Asked while nothing can be decided, before anything is stored; what it throws leaves all as it was. */
  readonly before?: (sql: Sql) => Promise<void>;
}

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
    const { document, ...plan } = await this.draft(caller, request);
    const shared = await warnOfUsernames(sqlOf(this.orm.em.fork()), this.frameOf(document, plan.storedVersion + 1));
    return { ...plan, warnings: [...plan.warnings, ...shared] };
  }

  /** A document that may be applied, and what that would change. */
  async draft(caller: Caller, request: RealmDocumentRequest): Promise<Draft> {
    const { document, warnings } = this.check(caller, request);
    const realm = await this.orm.em.fork().findOne(RealmEntity, { tenant: caller.tenant });
    const plan = planOf(realm ?? undefined, document, request, warnings);
    const stored = realm?.document ?? undefined;
    const sql = sqlOf(this.orm.em.fork());
    const found = await this.checkExamples(sql, document, stored);
    await inTransaction(this.orm, (held) => refuseForeignSecrets(held, document, stored === undefined));
    refuseEnded(stored, document);
    const returned = await warnOfReturnedPortals(sql, document, stored);
    return { ...plan, warnings: [...plan.warnings, ...returned, ...found], document };
  }

  /**
   * Stores the document as the next version, all of it or nothing, and has everybody decided again. The same document
   * makes no version. Two at once wait for each other.
   */
  async apply(caller: Caller, request: RealmDocumentRequest, how: ApplyOptions = {}): Promise<RealmApplyAnswer> {
    if (caller.role !== 'admin') throw new QuestionError('forbidden', 'only an admin may apply a realm');
    const { document, warnings } = this.check(caller, request);
    return withEntities(this.orm, async (sql, em) => {
      const realm = await lockRealm(sql, em, document.tenant);
      const plan = planOf(realm, document, request, warnings);
      if (plan.changes.length === 0) return { ...plan, version: realm.version, applied: false };
      const { origin = 'applied' } = how;
      if (!isCommand(origin)) {
        await refuseForeignSecrets(sql, document, realm.version === 0);
        refuseEnded(realm.document ?? undefined, document);
        await this.checkExamples(sql, document, realm.document ?? undefined);
      }
      await how.before?.(sql);
      await storeVersion(sql, em, realm, { document, appliedBy: caller.name, origin }, this.clock);
      return { ...plan, version: realm.version, applied: true };
    });
  }

  /** @throws QuestionError with the differences, where the change breaks an example; else gives what to warn of. */
  private async checkExamples(
    sql: Sql,
    document: RealmDocument,
    stored: RealmDocument | undefined,
  ): Promise<readonly string[]> {
    const { faults, warnings } = await checkExamples(sql, document, stored, this.clock);
    if (faults.length === 0) return warnings;
    const count = faults.length === 1 ? 'an example' : `${faults.length} examples`;
    throw new QuestionError('invalid', `the change breaks ${count} of the policy; nothing was applied`, faults);
  }

  private frameOf(document: RealmDocument, version: number): DecisionFrame {
    const { tenant, pool, timeZone } = document;
    return {
      realm: { tenant, pool, timeZone, version, document },
      policy: policyOf(document),
      today: this.clock.today(timeZone).toString(),
      now: this.clock.now().toString(),
    };
  }

  private check(caller: Caller, { document, knownFields }: RealmDocumentRequest): CheckedDocument {
    const result = checkDocument(document, this.config.poolsAvailable, knownFields);
    const faults = [...otherTenant(document, caller), ...(result.ok ? [] : result.faults)];
    if (result.ok && faults.length === 0) return result;
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    throw new QuestionError('invalid', `the realm has ${count}; nothing was applied`, faults);
  }
}

type CheckedDocument = Extract<DocumentResult, { ok: true }>;

/** What is no name at all is a fault of the document by itself. */
const otherTenant = (document: unknown, caller: Caller): readonly DocumentFault[] => {
  const { tenant } = (document ?? {}) as { readonly tenant?: unknown };
  if (typeof tenant !== 'string' || !SLUG.test(tenant) || tenant === caller.tenant) return [];
  return [{ path: 'tenant', message: `is not ${caller.tenant}, the tenant that you act for` }];
};

/** What a command of its own does is no change of the rules. */
const isCommand = (origin: VersionOrigin): boolean => origin === 'retired' || origin.startsWith('access-ended:');

/**
 * Also for a portal that is new to the stored version, or in a first one: it may have been taken out, with its accounts
 * left as they were, and those of before Portico are its own once they are correlated.
 * @throws QuestionError where a file would end access, without anybody having said for how many.
 */
const refuseEnded = (stored: RealmDocument | undefined, document: RealmDocument): void => {
  const was = new Set(stored === undefined ? [] : endedPortals(stored));
  const faults = endedPortals(document)
    .filter((portal) => !was.has(portal))
    .map((portal) => ({
      path: `learnupon.portals.${portal}.ended`,
      message: `no file ends access: portico end-access ${portal} does, and says for how many; mode: off keeps the portal shut until then`,
    }));
  if (faults.length > 0)
    throw new QuestionError('invalid', 'access is not ended by a file; nothing was applied', faults);
};
