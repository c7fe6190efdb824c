import type { AccessHold, Caller, HoldKey, HoldView, PortalAccess } from '@portico/contracts';
import { HeldSetCache } from '../src/held-set-cache.js';
import { approveHold, listHeldPeople, listHolds } from '../src/holds.js';
import { decisionOf, granted, learnerOf, openRealm, TENANT, withheld } from './fixtures.js';

export const ADMIN: Caller = { tenant: TENANT, role: 'admin', name: 'Ines' };
export const READ: AccessHold = { kind: 'read', id: 'read-9', people: 3, of: 4 };
export const BY_READ: HoldKey = { portal: 'emea', causeId: READ.id };
export const IDS = ['1', '2', '3'];

export const held = (portal: string, hold: AccessHold = READ, part: Partial<PortalAccess> = {}) =>
  withheld(portal, { hold, ...part });

/** A realm where accounts are taken under a gate, and what people do about that. */
export const openHeldRealm = async () => {
  const realm = await openRealm({ switches: { allowUserCreationIfUserAlreadyExists: true } });
  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
  const worker = realm.startWorker({ invitePollSeconds: 1 });
  const today = () => realm.today().toString();
  const now = () => ({ today: today(), at: new Date().toISOString() });
  const holds = async (tenant = TENANT): Promise<readonly HoldView[]> => (await listHolds(realm.orm, tenant)).holds;
  const heldIn = (key: HoldKey, part = {}, tenant = TENANT) =>
    listHeldPeople(new HeldSetCache(realm.orm), tenant, { ...key, ...part }, today());
  const approve = (key: HoldKey, digest: string, caller = ADMIN) =>
    approveHold(realm.orm, caller, { ...key, digest }, now());
  const approveNow = async (key: HoldKey) => approve(key, (await heldIn(key)).digest);

  const give = async (ids: readonly string[], portals: readonly string[] = ['emea'], part = {}) => {
    await realm.decide(
      ...ids.map((id) =>
        decisionOf(
          id,
          portals.map((portal) => granted(portal, learnerOf(id, part))),
        ),
      ),
    );
    return realm.settled();
  };
  const hold = async (ids: readonly string[], portals: readonly string[] = ['emea'], by = READ) => {
    await realm.decide(
      ...ids.map((id) =>
        decisionOf(
          id,
          portals.map((portal) => held(portal, by)),
        ),
      ),
    );
    return realm.settled();
  };
  const accounts = async () =>
    (await realm.control.state()).accounts.map(({ portal, lastName, enabled }) => `${lastName} ${portal} ${enabled}`);
  /** By person and portal, those who can still log in. */
  const enabled = async () =>
    (await accounts())
      .filter((one) => one.endsWith('true'))
      .map((one) => one.slice(5, -5))
      .sort();
  const writes = async () => (await realm.calls()).reduce((sum, calls) => sum + calls.writes, 0);
  const events = async () => {
    const rows = await realm.sql<{ event: { event: string; portal: string; details: Record<string, unknown> } }>(
      'select event from operation_outbox order by position',
    );
    return rows.flatMap(({ event: { event, portal, details } }) =>
      event.startsWith('hold.') ? [`${event} ${portal} ${details['causeId']} ${details['people']}`] : [],
    );
  };

  return { ...realm, worker, holds, heldIn, approve, approveNow, give, hold, accounts, enabled, writes, events };
};

export type HeldRealm = Awaited<ReturnType<typeof openHeldRealm>>;
