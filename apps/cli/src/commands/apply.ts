import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import type { RealmApplyAnswer, RealmPlanAnswer } from '@portico/contracts';
import { ApiError } from '../api-client.js';
import { Failure, UsageError } from '../errors.js';
import { renderChanges } from '../output/diff-text.js';
import { formatFaults, readRealmFile, type RealmFile } from '../realm-file.js';
import { tenantPath, type Session } from '../session.js';
import { confirm, plain } from '../terminal.js';

export interface ApplyOptions {
  readonly file: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

type SoundFile = Extract<RealmFile, { ok: true }>;

const readInput = async ({ terminal }: Session, file: string): Promise<string> => {
  if (file === '-') return text(terminal.stdin as NodeJS.ReadableStream & AsyncIterable<string>);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file} can't be read: give the path of a realm file, or - for standard input`);
  }
};

const counted = (count: number): string => (count === 1 ? '1 fault' : `${count} faults`);

const readRealm = async (session: Session, file: string): Promise<SoundFile> => {
  const name = file === '-' ? 'stdin' : file;
  const realm = readRealmFile(await readInput(session, file));
  if (!realm.ok)
    throw new Failure(`${counted(realm.faults.length)}; nothing was applied\n${formatFaults(name, realm.faults)}`);
  const told = session.options.tenant;
  if (told !== undefined && told !== realm.tenant) {
    throw new UsageError(`${name} is the realm of ${realm.tenant}, and --tenant says ${told}`);
  }
  return realm;
};

/** Says where in the file each fault is that the service found. */
const placing = async <T>(file: string, realm: SoundFile, answer: Promise<T>): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiError) || error.faults.length === 0) throw error;
    const placed = formatFaults(file === '-' ? 'stdin' : file, error.faults.map(realm.place));
    throw new Failure(`${counted(error.faults.length)}; nothing was applied\n${plainLines(placed)}`);
  }
};

const plainLines = (lines: string): string => lines.split('\n').map(plain).join('\n');

const showPlan = (session: Session, { tenant, storedVersion, changes, warnings }: RealmPlanAnswer): void => {
  const paint = session.paintNote;
  const over = storedVersion === 0 ? 'which is new' : `over version ${storedVersion}`;
  if (changes.length > 0) session.note(`${paint('bold', tenant)}, ${over}:\n${renderChanges(changes, paint)}`);
  for (const warning of warnings) session.note(paint('yellow', `! ${plain(warning)}`));
};

const mayApply = async (session: Session, { file, yes }: ApplyOptions): Promise<boolean> => {
  if (yes) return true;
  if (file === '-' || !session.terminal.stdin.isTTY) {
    throw new UsageError('nobody can be asked here: add --yes to apply, or --dry-run to look only');
  }
  return confirm(session.terminal, 'Apply this?');
};

const save = async (session: Session, realm: SoundFile, expectedVersion: number): Promise<RealmApplyAnswer> => {
  try {
    const body = { document: realm.document, expectedVersion };
    return await session.api.put<RealmApplyAnswer>(tenantPath(realm.tenant, 'realm'), body);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    throw new Failure(
      `${error.message} Somebody applied another version meanwhile: run this again to see the difference.`,
    );
  }
};

/** Shows what a realm file changes, asks, and applies it. */
export const apply = async (session: Session, options: ApplyOptions): Promise<void> => {
  const realm = await readRealm(session, options.file);
  const sent = { document: realm.document };
  const planning = session.api.post<RealmPlanAnswer>(tenantPath(realm.tenant, 'realm/plan'), sent);
  const plan = await placing(options.file, realm, planning);
  showPlan(session, plan);
  if (plan.changes.length === 0 || options.dryRun) {
    const message = plan.changes.length === 0 ? 'nothing to change' : 'nothing was applied';
    session.answer({ ...plan, applied: false }, () => `${message} (version ${plan.storedVersion} is stored)`);
    return;
  }
  if (!(await mayApply(session, options))) throw new Failure('nothing was applied');
  const applied = await placing(options.file, realm, save(session, realm, plan.storedVersion));
  session.answer(applied, () => `applied ${basename(options.file)}: version ${applied.version}`);
};
