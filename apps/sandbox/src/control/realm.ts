import { jsonAnswer } from '../http/call.js';
import type { Portal } from '../world/portal.js';
import type { Account, Invite } from '../world/records.js';
import { zuluTimestamp } from '../world/clock.js';
import { BadRequest, onlyKeys, textIn, textOrNullIn, type ControlCall, type ControlHandler } from './answers.js';
import { portalNamed } from './portals.js';

const customOf = ({ portal, custom }: Account | Invite): Record<string, string> =>
  Object.fromEntries(
    portal.definitions.flatMap(({ id, label }) => (custom.has(id) ? [[label, custom.get(id) ?? '']] : [])),
  );

export const accountOnWire = (account: Account): object => ({
  id: account.id,
  portal: account.portal.name,
  email: account.person.email,
  username: account.person.username,
  firstName: account.person.firstName,
  lastName: account.person.lastName,
  language: account.person.language,
  enabled: account.enabled,
  userType: account.userType,
  accountExpires: account.accountExpires,
  customData: customOf(account),
  origin: account.origin,
  createdAt: zuluTimestamp(account.createdAt),
});

export const inviteOnWire = (invite: Invite): object => ({
  id: invite.id,
  portal: invite.portal.name,
  kind: invite.kind,
  email: invite.email,
  username: invite.username,
  firstName: invite.firstName,
  lastName: invite.lastName,
  status: invite.status,
  remindersSent: invite.remindersSent,
  createdAt: zuluTimestamp(invite.createdAt),
});

const portalsIn = ({ world, query }: ControlCall): readonly Portal[] => {
  const name = query.get('portal');
  return name === null ? world.realm.portals : [portalNamed(world, name)];
};

/** A whole number in the query. @throws BadRequest */
const countIn = ({ query }: ControlCall, key: string, otherwise: number): number => {
  const text = query.get(key);
  if (text === null) return otherwise;
  if (!/^\d+$/.test(text)) throw new BadRequest(`?${key}= is a whole number`);
  return Number(text);
};

/** All accounts and invites of all portals, or of `?portal=`; `?email=` for one person's. */
const listAccounts: ControlHandler = (call) => {
  const portals = portalsIn(call);
  const email = call.query.get('email')?.toLowerCase();
  const isWanted = (address: string | null): boolean => email === undefined || address?.toLowerCase() === email;
  const accounts = portals
    .flatMap((portal) => call.world.realm.accounts.all(portal))
    .filter(({ person }) => isWanted(person.email));
  const invites = portals.flatMap((portal) => [...portal.invites.values()]).filter((invite) => isWanted(invite.email));
  const limit = countIn(call, 'limit', Number.POSITIVE_INFINITY);
  return jsonAnswer({
    accounts: accounts.slice(0, limit).map(accountOnWire),
    invites: invites.slice(0, limit).map(inviteOnWire),
  });
};

/** An account that Portico didn't make: the realm's switch is not asked. */
const createByHand: ControlHandler = ({ world, body }) => {
  onlyKeys(body, ['portal', 'email', 'username', 'firstName', 'lastName', 'userType', 'enabled', 'customData']);
  const portal = portalNamed(world, textIn(body, 'portal') ?? world.realm.topLevel.name);
  const userType = textIn(body, 'userType');
  const account = world.realm.accounts.createByHand(portal, {
    email: textOrNullIn(body, 'email') ?? null,
    username: textOrNullIn(body, 'username') ?? null,
    firstName: textOrNullIn(body, 'firstName') ?? null,
    lastName: textOrNullIn(body, 'lastName') ?? null,
    enabled: body['enabled'] !== false,
    ...(userType !== undefined && { userType }),
    ...(typeof body['customData'] === 'object' && { customData: body['customData'] as Record<string, unknown> }),
  });
  return jsonAnswer(accountOnWire(account), 201);
};

const accountInPath = ({ world, params }: ControlCall): Account => {
  const portal = portalNamed(world, params['portal'] ?? '');
  return world.realm.accounts.get(portal, Number(params['id']));
};

/** What an admin or the learner does in the portal's own pages. */
const changeByHand: ControlHandler = (call) => {
  const { world, body } = call;
  onlyKeys(body, ['email', 'username', 'firstName', 'lastName', 'userType', 'enabled', 'accountExpires', 'customData']);
  const account = accountInPath(call);
  const { enabled, customData } = body;
  const change = {
    ...Object.fromEntries(
      ['email', 'username', 'firstName', 'lastName', 'userType', 'accountExpires'].flatMap((key) =>
        key in body ? [[key, textOrNullIn(body, key)]] : [],
      ),
    ),
    ...(typeof enabled === 'boolean' && { enabled }),
    ...(typeof customData === 'object' && customData !== null && { customData: customData as Record<string, unknown> }),
  };
  world.realm.accounts.update(account, change, 'hand');
  return jsonAnswer(accountOnWire(account));
};

const deleteByHand: ControlHandler = (call) => {
  call.world.realm.accounts.remove(accountInPath(call), 'hand');
  return jsonAnswer({ deleted: Number(call.params['id']) });
};

const mailbox: ControlHandler = (call) => {
  const { world, origin, query } = call;
  const to = query.get('to');
  const portal = query.get('portal');
  const limit = countIn(call, 'limit', 100);
  const mails = world.realm.mailbox.list({
    ...(to !== null && { to }),
    ...(portal !== null && { portal }),
    limit,
  });
  return jsonAnswer({
    mails: mails.map(({ sentAt, acceptUrl, ...mail }) => ({
      ...mail,
      status: (mail.inviteId !== null && world.realm.invites.find(mail.inviteId)?.status) || null,
      acceptUrl: acceptUrl === null ? null : `${origin}/learnupon/${mail.portal}${acceptUrl}`,
      sentAt: zuluTimestamp(sentAt),
    })),
  });
};

const acceptMail: ControlHandler = (call) => {
  const { portal, token } = inviteInPath(call);
  return jsonAnswer(accountOnWire(call.world.realm.invites.accept(portal, token)));
};

const rejectMail: ControlHandler = (call) => {
  const invite = inviteInPath(call);
  call.world.realm.invites.reject(invite.portal, invite.token);
  return jsonAnswer(inviteOnWire(invite));
};

/** What an admin does in the portal's own pages: LearnUpon has no call for it. */
const remind: ControlHandler = (call) => jsonAnswer(inviteOnWire(call.world.realm.invites.remind(inviteInPath(call))));

const inviteInPath = ({ world, params }: ControlCall): Invite => {
  const invite = world.realm.invites.find(Number(params['inviteId']));
  if (!invite) throw new BadRequest(`there is no invite ${params['inviteId'] ?? ''}: see GET /mailbox`);
  return invite;
};

export const realmRoutes: Readonly<Record<string, ControlHandler>> = {
  'GET /accounts': listAccounts,
  'POST /accounts': createByHand,
  'POST /accounts/:portal/:id': changeByHand,
  'DELETE /accounts/:portal/:id': deleteByHand,
  'GET /mailbox': mailbox,
  'POST /mailbox/:inviteId/accept': acceptMail,
  'POST /mailbox/:inviteId/reject': rejectMail,
  'POST /mailbox/:inviteId/remind': remind,
};
