import type { MikroORM } from '@mikro-orm/postgresql';
import { BambooHrError, type BambooHrClient } from '@portico/bamboohr-client';
import { isOwnSecret, type Caller, type SourceFieldsAnswer, type SourceFieldsRequest } from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { QuestionError } from '@portico/messaging';
import { SecretMissingError, type Clock, type SecretStore } from '@portico/service-kit';
import { apiKeyOf, ApiKeyMissingError } from './api-key.js';
import type { BambooHrAccess } from './perform-read.js';
import { loadCatalogue, saveCatalogue, type FieldCatalogue } from './persistence/field-catalogues.js';

/** The caller waits no longer. */
const MOST_MS = 4_000;
/** Lists with more options than this are left without them: an answer is a page. */
const MOST_OPTIONS = 500;

export interface ReadFieldsOptions {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly connect: (access: BambooHrAccess) => BambooHrClient;
}

interface Source {
  readonly company: string;
  readonly baseUrl: string | null;
  readonly secretRef: string;
}

/** The fields that a BambooHR account has: kept with every full read, and read now for an account that is new. */
export class ReadFields {
  constructor(private readonly options: ReadFieldsOptions) {}

  /** @throws QuestionError `unavailable` where BambooHR can't be read, `not-found` where there is no account. */
  async answer({ tenant, role }: Caller, request: SourceFieldsRequest): Promise<SourceFieldsAnswer> {
    const stored = await this.sourceOf(tenant);
    const asked = sourceIn(tenant, request, stored);
    const source = asked ?? stored;
    if (source === undefined)
      throw new QuestionError('not-found', `no realm of "${tenant}" has arrived: apply it first`);
    const kept = await loadCatalogue(this.sql(), tenant);
    if (kept && kept.company === source.company && kept.baseUrl === source.baseUrl) return answerOf(kept);
    if (asked !== undefined && role !== 'admin') {
      throw new QuestionError('forbidden', 'only an admin may look at an account that is not configured');
    }
    if (asked !== undefined) await this.refuseForeignSecret(tenant, asked);
    const fresh = await this.readNow(source);
    if (asked === undefined) await saveCatalogue(this.sql(), tenant, fresh);
    return answerOf(fresh);
  }

  /** With a client that is open anyhow. */
  async refresh(
    tenant: string,
    source: Omit<Source, 'secretRef'>,
    client: BambooHrClient,
    signal: AbortSignal,
  ): Promise<void> {
    const fields = await client.readFields(signal);
    const { company, baseUrl } = source;
    await saveCatalogue(this.sql(), tenant, { company, baseUrl, readAt: this.options.clock.now().toString(), fields });
  }

  private sql() {
    return sqlOf(this.options.orm.em.fork());
  }

  private async sourceOf(tenant: string): Promise<Source | undefined> {
    const [row] = await this.sql()<Source>(
      `select company, base_url as "baseUrl", secret_ref as "secretRef" from tenant where tenant = $1 and revision > 0`,
      [tenant],
    );
    return row;
  }

  /** The caller says where the key is sent. */
  private async refuseForeignSecret(tenant: string, { secretRef }: Source): Promise<void> {
    const longer = await this.sql()<{ tenant: string }>(
      `select tenant from tenant where starts_with(tenant, $1 || '-')`,
      [tenant],
    );
    const names = longer.map((other) => other.tenant);
    if (isOwnSecret(tenant, secretRef, names)) return;
    throw new QuestionError('forbidden', `"${secretRef}" is no secret of ${tenant}'s`);
  }

  private async readNow({ company, baseUrl, secretRef }: Source): Promise<FieldCatalogue> {
    try {
      const apiKey = await apiKeyOf(this.options.secrets, secretRef);
      const client = this.options.connect({ company, baseUrl: baseUrl ?? undefined, apiKey });
      try {
        const fields = await client.readFields(AbortSignal.timeout(MOST_MS));
        return { company, baseUrl, readAt: this.options.clock.now().toString(), fields };
      } finally {
        await client.close();
      }
    } catch (error) {
      throw asQuestionError(error);
    }
  }
}

const sourceIn = (
  tenant: string,
  { company, baseUrl, secretRef }: SourceFieldsRequest,
  stored: Source | undefined,
): Source | undefined =>
  company === undefined
    ? undefined
    : { company, baseUrl: baseUrl ?? null, secretRef: secretRef ?? stored?.secretRef ?? `${tenant}-bamboohr` };

const answerOf = ({ readAt, fields }: FieldCatalogue): SourceFieldsAnswer => ({
  readAt,
  fields: fields.map(({ options, ...field }) =>
    options === undefined || options.length > MOST_OPTIONS ? field : { ...field, options },
  ),
});

const asQuestionError = (error: unknown): unknown => {
  const isExpected =
    error instanceof BambooHrError ||
    error instanceof SecretMissingError ||
    error instanceof ApiKeyMissingError ||
    error instanceof RangeError;
  return isExpected ? new QuestionError('unavailable', error.message, [], { cause: error }) : error;
};
