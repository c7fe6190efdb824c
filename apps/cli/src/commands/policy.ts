import { stringify } from 'yaml';
import type {
  ExampleView,
  RealmApplyAnswer,
  RealmGetAnswer,
  VersionAnswer,
  VersionDiffAnswer,
  VersionsPage,
} from '@portico/contracts';
import { ApiError } from '../api-client.js';
import { askWhatIf } from '../ask-what-if.js';
import { Failure, UsageError } from '../errors.js';
import { renderChanges } from '../output/diff-text.js';
import { renderTable } from '../output/table.js';
import { renderEffect } from '../output/what-if-text.js';
import { markerOf } from '../realm-input.js';
import { readRealmFile } from '../realm-file.js';
import type { Session } from '../session.js';
import { plain } from '../terminal.js';
import { mayGoOn } from './apply.js';
import type { ListOptions } from './lists.js';
import { showChanges } from './plan.js';

export interface RollbackOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly expectVersion?: number;
}
export interface RealmGetOptions {
  readonly ofVersion?: number;
}
export interface RetireOptions {
  readonly yes?: boolean;
}

export const history = async (session: Session, { limit, all }: ListOptions): Promise<void> => {
  const most = all ? Number.POSITIVE_INFINITY : limit;
  const path = await session.path('policy/versions');
  const { rows, isMore } = await session.api.rows<VersionsPage['rows'][number]>(path, {}, most);
  session.answer(rows, () =>
    renderTable(
      ['VERSION', 'APPLIED', 'BY', 'HOW', 'CHANGES'],
      rows.map((row) => [String(row.version), row.appliedAt, row.appliedBy, howOf(row.origin), String(row.changes)]),
      session.paint,
    ),
  );
  if (isMore) session.note(`there are more than these ${rows.length}: add --all, or a greater --limit`);
};

const howOf = (origin: string): string => {
  const [how, of] = origin.split(':');
  if (how === 'rolled-back') return `back to version ${of}`;
  if (how === 'access-ended') return of === '*' ? 'ended access everywhere' : `ended access to ${of}`;
  return origin;
};

/** realm.yaml of a document, as it applies with no change. */
const yamlOf = (tenant: string, version: number, document: unknown, schema: string): string =>
  `# yaml-language-server: $schema=${schema}\n${markerOf(tenant, version)}\n\n${stringify(document, { lineWidth: 0 })}`.trimEnd();

/** The realm as a file: as it is stored, or as a version had it. */
export const getRealm = async (session: Session, { ofVersion }: RealmGetOptions): Promise<void> => {
  const path = await session.path(ofVersion === undefined ? 'realm' : `policy/versions/${ofVersion}`);
  const { version, document } = await session.api.get<RealmGetAnswer>(path);
  const schema = `${session.api.url}/v1/schemas/realm.yaml.json`;
  const tenant = await session.tenant();
  session.answer({ version, document }, () => yamlOf(tenant, version, document, schema));
};

export const showVersion = async (session: Session, version: number): Promise<void> => {
  const answer = await session.api.get<VersionAnswer>(await session.path(`policy/versions/${version}`));
  const { appliedAt, appliedBy, origin, document } = answer;
  session.answer(answer, () =>
    [
      session.paint('dim', `# version ${version}, ${appliedAt}, ${plain(appliedBy)}, ${howOf(origin)}`),
      stringify(document, { lineWidth: 0 }).trimEnd(),
    ].join('\n'),
  );
};

export const diffVersions = async (session: Session, from: number, to: number | undefined): Promise<void> => {
  const answer = await session.api.get<VersionDiffAnswer>(await session.path('policy/diff'), { from, to });
  session.answer(answer, () =>
    answer.changes.length === 0
      ? `versions ${answer.from} and ${answer.to} mean the same`
      : `from version ${answer.from} to ${answer.to}:\n${renderChanges(answer.changes, session.paint)}`,
  );
};

/** Shows what going back changes and whom that touches, asks, and makes a new version of the old content. */
export const rollback = async (
  session: Session,
  version: number,
  options: RollbackOptions,
  interrupted: AbortSignal,
): Promise<void> => {
  const path = await session.path('policy/rollback');
  const { expectVersion: expectedVersion } = options;
  const plan = await session.api.post<RealmApplyAnswer>(path, { version, expectedVersion, dryRun: true });
  showChanges(session, plan, (text) => session.note(text));
  if (plan.changes.length === 0) {
    session.answer(plan, () => `nothing to change: version ${plan.storedVersion} means the same as ${version}`);
    return;
  }
  const effect = await effectOfVersion(session, version, interrupted);
  session.note(renderEffect(effect, session.paintNote));
  if (options.dryRun) {
    session.answer({ ...plan, effect }, () => `nothing was applied (version ${plan.storedVersion} is stored)`);
    return;
  }
  if (!(await mayGoOn(session, `Go back to version ${version}?`, options))) throw new Failure('nothing was applied');
  const applied = await session.api
    .post<RealmApplyAnswer>(path, { version, expectedVersion: plan.storedVersion })
    .catch((error: unknown) => Promise.reject(withRemedy(error)));
  session.answer({ ...applied, effect }, () => `version ${applied.version} has the content of version ${version}`);
};

const withRemedy = (error: unknown): unknown =>
  error instanceof ApiError && error.status === 409
    ? new Failure(`${error.message} Somebody applied another version meanwhile: run this again to see the difference.`)
    : error;

const effectOfVersion = async (session: Session, version: number, interrupted: AbortSignal) => {
  const stored = await session.api.get<VersionAnswer>(await session.path(`policy/versions/${version}`));
  const name = `version ${version}`;
  const file = readRealmFile(stringify(stored.document));
  if (!file.ok) throw new Failure(`${name} is no realm file`);
  const realm = { ...file, tenant: await session.tenant(), name, file: '-', gotVersion: undefined };
  const { result } = await askWhatIf(session, realm, {}, interrupted);
  return result;
};

export const examples = async (session: Session): Promise<void> => {
  const rows = await session.api.get<readonly ExampleView[]>(await session.path('policy/examples'));
  const { paint } = session;
  session.answer(rows, () =>
    rows.length === 0
      ? 'none: write them below examples: in the realm file'
      : renderTable(
          ['EXAMPLE', 'OUTCOME', 'IN', 'NOT IN', 'DIFFERENCE'],
          rows.map((row) => [row.name, row.outcome, row.in.join(' '), row.notIn.join(' '), row.differences.join('; ')]),
          paint,
          (text) => (text === 'broken' ? paint('red', text) : text === 'holds' ? paint('green', text) : text),
        ),
  );
};

/** Takes the tenant out: Portico stops there, and touches no account. */
export const retire = async (session: Session, options: RetireOptions): Promise<void> => {
  const tenant = await session.tenant();
  const { version } = await session.api.get<RealmGetAnswer>(await session.path('realm'));
  session.note(`${tenant} is taken out: Portico stops reading, deciding and writing there, and touches no account.`);
  session.note(`To end people's access, portico end-access is a command of its own, to be run before.`);
  if (!(await mayGoOn(session, `Take ${tenant} out?`, { ...options, hasDryRun: false })))
    throw new Failure('nothing was applied');
  const answer = await session.api.post<RealmApplyAnswer>(await session.path('realm/retire'), {
    expectedVersion: version,
  });
  session.answer(answer, () =>
    answer.applied
      ? `${tenant} is taken out: version ${answer.version}. Applying its realm file with active: true takes it in again`
      : `${tenant} is taken out already (version ${answer.version})`,
  );
};

/** @throws UsageError for what is no version. */
export const versionOf = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`${text} is no version: portico policy history lists them`);
};
