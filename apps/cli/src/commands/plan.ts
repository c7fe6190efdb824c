import type { RealmPlanAnswer, WhatIfPerson, WhatIfResult } from '@portico/contracts';
import { ApiError } from '../api-client.js';
import type { Named } from '../answers.js';
import { askWhatIf } from '../ask-what-if.js';
import { UsageError } from '../errors.js';
import { renderChanges } from '../output/diff-text.js';
import { renderCauses, renderEffect, renderWhatIfPeople } from '../output/what-if-text.js';
import { placing, readRealm, type RealmInput } from '../realm-input.js';
import { tenantPath, type Session } from '../session.js';
import { plain } from '../terminal.js';

export interface FileOptions {
  readonly file: string;
}
export interface PlanOptions extends FileOptions {
  readonly expectVersion?: number;
}
export interface WhatIfCommandOptions extends FileOptions {
  readonly at?: string;
  readonly people?: boolean;
  readonly portal?: string;
  readonly effect?: string;
  readonly limit: number;
  readonly all?: boolean;
}

/**
 * A version that is told is compared always. That which a file was got from is old after it was applied from where its
 * line can't be moved: it counts where the file changes something.
 */
export const planOver = async (session: Session, realm: RealmInput, told?: number): Promise<RealmPlanAnswer> => {
  try {
    return await askPlan(session, realm, told ?? realm.gotVersion);
  } catch (error) {
    if (told !== undefined || !(error instanceof ApiError) || error.status !== 409) throw error;
    const plan = await askPlan(session, realm);
    if (plan.changes.length > 0) throw error;
    return plan;
  }
};

const askPlan = (session: Session, realm: RealmInput, expectedVersion?: number): Promise<RealmPlanAnswer> =>
  placing(
    realm,
    session.api.post<RealmPlanAnswer>(tenantPath(realm.tenant, 'realm/plan'), {
      document: realm.document,
      expectedVersion,
    }),
  );

export const showChanges = (
  session: Session,
  { tenant, storedVersion, changes, warnings }: RealmPlanAnswer,
  write: (text: string) => void,
): void => {
  const paint = session.paintNote;
  const over = storedVersion === 0 ? 'which is new' : `over version ${storedVersion}`;
  if (changes.length > 0) write(`${paint('bold', tenant)}, ${over}:\n${renderChanges(changes, paint)}`);
  for (const warning of warnings) write(paint('yellow', `! ${plain(warning)}`));
};

/** Checks a file as `apply` would, and says so. */
export const validate = async (session: Session, { file }: FileOptions): Promise<void> => {
  const realm = await readRealm(session, file);
  const { warnings } = await askPlan(session, realm);
  for (const warning of warnings) session.note(session.paintNote('yellow', `! ${plain(warning)}`));
  session.answer({ valid: true, warnings }, () => `${realm.name} is valid`);
};

/** Shows what a file changes, and whom that touches; changes nothing. */
export const plan = async (session: Session, options: PlanOptions, interrupted: AbortSignal): Promise<void> => {
  const realm = await readRealm(session, options.file);
  const planned = await planOver(session, realm, options.expectVersion);
  if (planned.changes.length === 0) {
    session.answer(planned, () => `nothing to change (version ${planned.storedVersion} is stored)`);
    return;
  }
  const { result } = await askWhatIf(session, realm, { expectedVersion: planned.storedVersion }, interrupted);
  if (session.isJson) session.answer({ ...planned, effect: result }, () => '');
  else {
    showChanges(session, planned, (text) => session.print(text));
    session.print(renderEffect(result, session.paint));
  }
};

const refuseUnknownPortal = (portal: string | undefined, { portals }: WhatIfResult): void => {
  const names = portals.map((one) => one.portal);
  if (portal === undefined || names.includes(portal)) return;
  throw new UsageError(`--portal: there is no portal "${portal}": take one of ${names.join(', ')}`);
};

/** Decides everybody by a draft, and says what would differ: by portal, by cause, and by person. */
export const whatIf = async (
  session: Session,
  options: WhatIfCommandOptions,
  interrupted: AbortSignal,
): Promise<void> => {
  const { at, portal, effect, limit, all } = options;
  const realm = await readRealm(session, options.file);
  const asked = await askWhatIf(session, realm, { at }, interrupted);
  const { result } = asked;
  refuseUnknownPortal(portal, result);
  const wantsPeople = options.people === true || portal !== undefined || effect !== undefined;
  const most = wantsPeople ? (all ? Number.POSITIVE_INFINITY : limit) : 0;
  const { rows, isMore } = wantsPeople
    ? await session.api.rows<WhatIfPerson & Named>(`${asked.path}/people`, { portal, effect }, most)
    : { rows: [], isMore: false };
  session.answer({ ...result, ...(wantsPeople ? { rows } : {}) }, () =>
    [
      renderEffect(result, session.paint),
      ...(result.touched > 0 ? ['', renderCauses(result, session.paint)] : []),
      ...(rows.length > 0 ? ['', renderWhatIfPeople(rows, session.paint)] : []),
    ].join('\n'),
  );
  for (const warning of result.warnings) session.note(session.paintNote('yellow', `! ${plain(warning)}`));
  if (isMore) session.note(`there are more than these ${rows.length} people: add --all, or a greater --limit`);
};
