import { MikroORM } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type {
  Caller,
  ExampleView,
  Page,
  PageRequest,
  RealmApplyAnswer,
  RetireRequest,
  RollbackRequest,
  VersionAnswer,
  VersionDiffAnswer,
  VersionDiffRequest,
  VersionRequest,
  VersionsPage,
  VersionView,
} from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { QuestionError } from '@portico/messaging';
import { CLOCK, type Clock } from '@portico/service-kit';
import { ApplyRealm } from './apply-realm.js';
import { viewExamples } from './examples/check-examples.js';
import { pageWithin } from './page-within.js';
import { RealmVersionEntity, type RealmVersion } from './persistence/entities.js';
import { asDocument } from './realm/check-document.js';
import { diffDocuments } from './realm/diff-documents.js';
import type { RealmDocument } from './realm/realm-document.js';

const MOST_ROWS = 100;

/** Every version of a realm that was ever applied: to look at, to compare, and to go back to. */
@Injectable()
export class RealmVersions {
  constructor(
    private readonly orm: MikroORM,
    private readonly realm: ApplyRealm,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async history({ tenant }: Caller, { cursor, limit = 50 }: PageRequest): Promise<VersionsPage> {
    const size = Math.min(limit, MOST_ROWS);
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
    if (!Number.isSafeInteger(before)) throw new QuestionError('invalid', 'the cursor is none of an earlier page');
    // One more says whether there are more, and another what the last differs from.
    const found = await this.orm.em
      .fork()
      .find(
        RealmVersionEntity,
        { tenant, version: { $lt: before } },
        { orderBy: { version: 'desc' }, limit: size + 2 },
      );
    const rows = found.map((version, index) => ({
      ...viewOf(version),
      changes: diffDocuments(maybeDocument(found[index + 1]), asDocument(version.document)).length,
    }));
    return pageWithin(rows.slice(0, size + 1), size, ({ version }) => String(version)) satisfies Page<VersionView>;
  }

  async version({ tenant }: Caller, { version }: VersionRequest): Promise<VersionAnswer> {
    const found = await this.find(tenant, version);
    return { ...viewOf(found), document: found.document };
  }

  async diff({ tenant }: Caller, { from, to }: VersionDiffRequest): Promise<VersionDiffAnswer> {
    const [one, other] = [await this.find(tenant, from), await this.find(tenant, to)];
    const changes = diffDocuments(asDocument(one.document), asDocument(other.document));
    return { from: one.version, to: other.version, changes };
  }

  /** Makes a new version of an old one's content; all that `apply` refuses is refused. */
  async rollback(caller: Caller, request: RollbackRequest): Promise<RealmApplyAnswer> {
    const { version, expectedVersion, dryRun } = request;
    const { document } = await this.find(caller.tenant, version);
    const sent = { document, ...(expectedVersion === undefined ? {} : { expectedVersion }) };
    try {
      if (!dryRun) return await this.realm.apply(caller, sent, { origin: `rolled-back:${version}` });
      const plan = await this.realm.plan(caller, sent);
      return { ...plan, version: plan.storedVersion, applied: false };
    } catch (error) {
      if (!(error instanceof QuestionError) || error.code !== 'invalid') throw error;
      const message = `version ${version} can't be applied any more as it is: get it, correct it, and apply that`;
      throw new QuestionError('invalid', message, error.faults);
    }
  }

  /** The examples of the stored version, and how they stand now. */
  async examples(caller: Caller): Promise<readonly ExampleView[]> {
    const { document } = await this.realm.get(caller);
    return viewExamples(sqlOf(this.orm.em.fork()), document as RealmDocument, this.clock);
  }

  /** Takes the tenant out: Portico stops there, and touches no account. */
  async retire(caller: Caller, { expectedVersion }: RetireRequest): Promise<RealmApplyAnswer> {
    const { document, version } = await this.realm.get(caller);
    const sent = { document: { ...(document as object), active: false }, expectedVersion: expectedVersion ?? version };
    return this.realm.apply(caller, sent, { origin: 'retired' });
  }

  /** @throws QuestionError `not-found`; the newest where no version is told. */
  private async find(tenant: string, version: number | undefined): Promise<RealmVersion> {
    const where = { tenant, ...(version === undefined ? {} : { version }) };
    const [found] = await this.orm.em
      .fork()
      .find(RealmVersionEntity, where, { orderBy: { version: 'desc' }, limit: 1 });
    if (found) return found;
    throw new QuestionError(
      'not-found',
      `${tenant} has no version ${version ?? ''}: portico policy history lists them`,
    );
  }
}

const maybeDocument = (version: RealmVersion | undefined) => version && asDocument(version.document);

const viewOf = ({ version, appliedAt, appliedBy, origin }: RealmVersion): VersionView => ({
  version,
  appliedAt: appliedAt.toISOString(),
  appliedBy,
  origin: origin ?? 'applied',
});
