import { LearnUponError, type CustomFieldDefinition, type LearnUponUser } from '@portico/learnupon-client';
import type { Operation } from '@portico/provisioning-plan';
import { saveCustomFields } from '../persistence/custom-fields.js';
import { holdLane, setInvitesReadable } from '../persistence/lanes.js';
import { saveAccounts, saveInvites } from '../persistence/mirror.js';
import {
  completeList,
  databaseTime,
  findMissing,
  followAccounts,
  followInvites,
  looksCutShort,
  suspectList,
  unlistAccounts,
  verifyListed,
} from '../persistence/read-back.js';
import { inTransaction, sqlOf } from '@portico/database';
import type { LaneContext } from './lane-context.js';
import { pagesOf } from './pages.js';
import { settleFromMirror } from './settle-doubts.js';
import { untilReady } from './until-ready.js';

/** A page of a list verifies nothing yet: the whole list does. */
const saveUsers = (context: LaneContext, users: readonly LearnUponUser[], isPage = false): Promise<void> => {
  const { orm, lease, settings } = context;
  return inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    const changed = await saveAccounts(sql, lease, users);
    await followAccounts(sql, lease, isPage ? changed : users.map(({ id }) => id), changed);
  });
};

/** Reads all accounts of the portal, page by page. */
export const readUsers = async (context: LaneContext): Promise<void> => {
  const { orm, client, lease, settings } = context;
  const begunAt = await databaseTime(sqlOf(orm.em.fork()));
  const ids: string[] = [];
  let fields: readonly CustomFieldDefinition[] | undefined;
  for await (const { users, customFields } of pagesOf(context, (page) => client.listUsers(page))) {
    fields ??= customFields;
    ids.push(...users.map(({ id }) => id));
    await saveUsers(context, users, true);
  }
  const suspicion = await suspicionOf(context, ids);
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await verifyListed(sql, lease, { ids, begunAt });
    const isCredible =
      suspicion === undefined && (await completeList(sql, lease, 'users', { ids, begunAt }, settings.settleSeconds));
    if (suspicion !== undefined) await suspectList(sql, lease, suspicion);
    if (fields !== undefined) await saveCustomFields(sql, lease, fields);
    await settleFromMirror(sql, context, { kind: 'users', begunAt, isCredible });
  });
};

/** So few are asked for by id, to see whether the list or the accounts are at fault. */
const SAMPLE = 5;

/** Why a list is not believed: it lacks many accounts, and the portal knows one of them by its id. */
const suspicionOf = async (context: LaneContext, ids: readonly string[]): Promise<string | undefined> => {
  const { orm, client, lease, logger } = context;
  const missing = await findMissing(sqlOf(orm.em.fork()), lease, ids);
  if (!looksCutShort(missing.length, ids.length)) return undefined;
  const step = Math.max(1, Math.floor(missing.length / SAMPLE));
  for (const id of missing.filter((_, index) => index % step === 0).slice(0, SAMPLE)) {
    await untilReady(context);
    if ((await client.getUser(id)) === undefined) continue;
    const { tenant, portal } = lease;
    const message = `its list of users has ${ids.length}, and lacks ${missing.length} that are there`;
    logger.warn({ tenant, portal, listed: ids.length, missing: missing.length }, 'a list that is not believed');
    return message;
  }
  return undefined;
};

/** Reads all invites of the portal, page by page; where the key may not list them, that is remembered. */
export const readInvites = async (context: LaneContext): Promise<void> => {
  const { orm, lease } = context;
  try {
    await readInvitePages(context);
  } catch (error) {
    if (!(error instanceof LearnUponError) || error.code !== 'forbidden') throw error;
    await setInvitesReadable(sqlOf(orm.em.fork()), lease, false);
  }
};

const readInvitePages = async (context: LaneContext): Promise<void> => {
  const { orm, client, lease, settings } = context;
  const begunAt = await databaseTime(sqlOf(orm.em.fork()));
  const ids: string[] = [];
  for await (const { invites } of pagesOf(context, (page) => client.listInvites(page))) {
    const read = invites.map(({ id }) => id);
    ids.push(...read);
    await inTransaction(orm, async (sql) => {
      await holdLane(sql, lease, settings.leaseSeconds);
      await followInvites(sql, lease, read, await saveInvites(sql, lease, invites));
    });
  }
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await setInvitesReadable(sql, lease, true);
    const isCredible = await completeList(sql, lease, 'invites', { ids, begunAt }, settings.settleSeconds);
    await settleFromMirror(sql, context, { kind: 'invites', begunAt, isCredible });
  });
};

/** Reads single accounts by id. One that is gone is unknown until the plan asks for it again. */
export const readAccounts = async (context: LaneContext, ids: readonly string[]): Promise<void> => {
  const users: LearnUponUser[] = [];
  for (const id of ids) {
    await untilReady(context);
    const user = await context.client.getUser(id);
    if (user !== undefined) users.push(user);
  }
  await saveUsers(context, users);
  const found = new Set(users.map(({ id }) => id));
  const missing = ids.filter((id) => !found.has(id));
  const { orm, lease, settings } = context;
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await unlistAccounts(sql, lease, missing);
  });
};

type Create = Extract<Operation, { kind: 'create' }>;

/** Looks for accounts one by one; for what shows, not for what does not. */
export const findAccounts = async (
  context: LaneContext,
  wanted: readonly Pick<Create, 'identifier' | 'email' | 'username'>[],
): Promise<void> => {
  const { orm, client, lease, settings } = context;
  const users: LearnUponUser[] = [];
  for (const { identifier, email, username } of wanted) {
    await untilReady(context);
    const by = identifier === 'email' ? { email: email ?? '' } : { username: username ?? '' };
    const user = await client.findUser(by);
    if (user !== undefined) users.push(user);
  }
  await saveUsers(context, users);
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await settleFromMirror(sql, context);
  });
};
