import { basename } from 'node:path';
import type { RealmApplyAnswer } from '@portico/contracts';
import { ApiError } from '../api-client.js';
import { askWhatIf } from '../ask-what-if.js';
import { Failure, UsageError } from '../errors.js';
import { renderEffect } from '../output/what-if-text.js';
import { moveMarker, placing, readRealm, type RealmInput } from '../realm-input.js';
import { tenantPath, type Session } from '../session.js';
import { confirm } from '../terminal.js';
import { planOver, showChanges, type PlanOptions } from './plan.js';

export interface ApplyOptions extends PlanOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

interface MayGoOnOptions {
  readonly yes?: boolean | undefined;
  readonly file?: string;
  readonly hasDryRun?: boolean;
}

/** Whether to go on; somebody must be there to be asked. */
export const mayGoOn = async (
  session: Session,
  question: string,
  { yes = false, file, hasDryRun = true }: MayGoOnOptions,
): Promise<boolean> => {
  if (yes) return true;
  if (file === '-' || !session.terminal.stdin.isTTY) {
    const look = hasDryRun ? ' to apply, or --dry-run to look only' : '';
    throw new UsageError(`nobody can be asked here: add --yes${look}`);
  }
  return confirm(session.terminal, question);
};

const save = async (session: Session, realm: RealmInput, expectedVersion: number): Promise<RealmApplyAnswer> => {
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

/** Shows what a realm file changes and whom that touches, asks, and applies it. */
export const apply = async (session: Session, options: ApplyOptions, interrupted: AbortSignal): Promise<void> => {
  const realm = await readRealm(session, options.file);
  const plan = await planOver(session, realm, options.expectVersion);
  showChanges(session, plan, (text) => session.note(text));
  const { storedVersion, changes } = plan;
  if (changes.length === 0) {
    session.answer({ ...plan, applied: false }, () => `nothing to change (version ${storedVersion} is stored)`);
    return;
  }
  const { result: effect } = await askWhatIf(session, realm, { expectedVersion: storedVersion }, interrupted);
  session.note(renderEffect(effect, session.paintNote));
  if (options.dryRun) {
    session.answer(
      { ...plan, effect, applied: false },
      () => `nothing was applied (version ${storedVersion} is stored)`,
    );
    return;
  }
  if (!(await mayGoOn(session, 'Apply this?', options))) throw new Failure('nothing was applied');
  const applied = await placing(realm, save(session, realm, storedVersion));
  moveMarker(session, realm, applied.version);
  session.answer({ ...applied, effect }, () => `applied ${basename(options.file)}: version ${applied.version}`);
};
