import type { MikroORM } from '@mikro-orm/postgresql';
import type { AccessDecidedV1, LearnerEventV1, PortalAccess, RealmChangedV1, WantedLearner } from '@portico/contracts';
import { createLearnUponClient } from '@portico/learnupon-client';
import { startSandbox, type PortalSpec, type Sandbox, type Switches } from '@portico/sandbox';
import { createLogger, SecretMissingError, systemClock, type Clock, type SecretStore } from '@portico/service-kit';
import { eventually, testDatabase } from '@portico/testing';
import { controlOf } from './control.js';
import { LaneWorker } from '../src/inbound/lane-worker.js';
import type { LaneSettings } from '../src/lane/lane-context.js';
import { PortalSessions } from '../src/lane/portal-sessions.js';
import { takeTurn } from '../src/lane/take-turn.js';
import { createOrm, migrate } from '../src/persistence/orm.js';
import type { LearnerEventRow } from '../src/persistence/outbox.js';
import { sqlOf } from '@portico/database';
import { recordAccess } from '../src/record-access.js';
import { reportStatus } from '../src/report-status.js';
import { storeRealm } from '../src/store-realm.js';

export const TENANT = 'acme';
const logger = createLogger({ name: 'test', level: 'silent' });

/** A migrated database of the test's own. */
export const openDatabase = async () => {
  const database = await testDatabase({
    template: { name: 'learnupon-provisioning', migrate: async (url) => void (await migrate(url)) },
  });
  const orm = createOrm(database.url);
  return {
    url: database.url,
    orm,
    close: async () => {
      await orm.close(true);
      await database.close();
    },
  };
};

export const SETTINGS: LaneSettings = {
  concurrency: 8,
  leaseSeconds: 4,
  callTimeoutSeconds: 1,
  settleSeconds: 1,
  mirrorMaxAgeSeconds: 600,
  invitePollSeconds: 600,
};

export const PORTALS: readonly PortalSpec[] = [
  { portal: 'academy', topLevel: true, customFields: [{ label: 'Cost Centre' }] },
  { portal: 'emea', customFields: [{ label: 'Cost Centre' }] },
  { portal: 'apac', customFields: [{ label: 'Cost Centre' }] },
];

export const learnerOf = (id: string, part: Partial<WantedLearner> = {}): WantedLearner => ({
  onboarding: 'create',
  whenRefused: 'report',
  identifier: 'email',
  email: `person${id}@acme.example`,
  username: null,
  firstName: 'Ada',
  lastName: `Moss ${id}`,
  language: 'en',
  customData: { 'Cost Centre': 'Sales' },
  ...part,
});

export const granted = (portal: string, learner: WantedLearner): PortalAccess => ({
  portal,
  access: 'granted',
  reason: 'in-audience',
  leaving: 'disable',
  learner,
});

export const withheld = (portal: string, part: Partial<PortalAccess> = {}): PortalAccess => ({
  portal,
  access: 'withheld',
  reason: 'left',
  leaving: 'disable',
  ...part,
});

export const learnerEventOf = (id: string, part: Partial<LearnerEventV1> = {}): LearnerEventRow => ({
  id,
  traceparent: null,
  event: { tenant: TENANT, portal: 'academy', employeeId: '1', event: 'created', at: '2026-03-02T10:00:00Z', ...part },
});

let revision = 1_000;
/** Each is newer than all before it. */
export const decisionOf = (
  employeeId: string,
  portals: readonly PortalAccess[],
  part: Partial<AccessDecidedV1> = {},
): AccessDecidedV1 => ({
  tenant: TENANT,
  employeeId,
  revision: (revision += 1),
  decidedAt: '2026-03-02T10:00:00Z',
  employeeRevision: 1,
  policyVersion: 1,
  today: '2026-03-02',
  leaver: portals.every(({ access }) => access === 'withheld'),
  portals: [...portals],
  cause: { kind: 'read', id: 'read-1', totals: { joiners: 1, movers: 0, leavers: 0 } },
  ...part,
});

/** As the sandbox has them, the first one on top. */
export const portalsOf = (sandbox: Sandbox): RealmChangedV1['portals'] =>
  sandbox.learnupon.map(({ portal, name, url }, index) => ({
    portal,
    title: name,
    topLevel: index === 0,
    baseUrl: url,
    secretRef: portal,
    identifier: 'email',
    mode: 'on',
  }));

export const realmOf = (sandbox: Sandbox, part: Partial<RealmChangedV1> = {}): RealmChangedV1 => ({
  tenant: TENANT,
  revision: (revision += 1),
  changedAt: '2026-03-02T10:00:00Z',
  policyVersion: 1,
  active: true,
  pool: 'shared',
  timeZone: 'UTC',
  source: { company: 'acme', secretRef: 'acme-bamboohr', fields: [], pollSeconds: 60, fullReadSeconds: 86_400 },
  allowUserCreationIfUserAlreadyExists: false,
  portals: portalsOf(sandbox),
  ...part,
});

/** Generous: the machine may be busy. */
export const waitFor = <T>(what: string, attempt: () => Promise<T>) => eventually(what, attempt, { timeoutMs: 30_000 });

export interface CellState {
  readonly employeeId: string;
  readonly portal: string;
  readonly reason: string;
  readonly actual: string;
  readonly accountId: string | null;
  readonly inviteId: string | null;
}

/** A realm in a sandbox, a database, and as many workers as are started. */
export const openRealm = async (
  options: { portals?: readonly PortalSpec[]; switches?: Partial<Switches>; ratePerMinute?: number | null } = {},
) => {
  const sandbox = await startSandbox({
    employees: 0,
    portals: [...(options.portals ?? PORTALS)],
    seed: 1,
    ratePerMinute: options.ratePerMinute ?? null,
    ...(options.switches === undefined ? {} : { switches: options.switches }),
  });
  const database = await openDatabase();
  const { orm } = database;
  const sql = sqlOf(orm.em.fork());
  const control = controlOf(sandbox);
  const missing = new Set<string>();
  const outdated = new Set<string>();
  const secrets: SecretStore = {
    read: async (ref) => {
      const found = sandbox.learnupon.find(({ portal }) => portal === ref);
      if (found === undefined || missing.has(ref)) throw new SecretMissingError(ref, 'here');
      return { username: found.username, password: outdated.has(ref) ? 'an old key' : found.password };
    },
  };
  const closing: (() => Promise<unknown>)[] = [];
  let days = 0;
  const clock: Clock = {
    now: () => systemClock.now().add({ hours: days * 24 }),
    today: (zone) => systemClock.today(zone).add({ days }),
  };

  const newSessions = (settings: LaneSettings) => {
    const timeoutMs = settings.callTimeoutSeconds * 1_000;
    const sessions = new PortalSessions({ secrets, timeoutMs, concurrency: 8, onCall: () => undefined });
    closing.push(() => sessions.close());
    return sessions;
  };
  const turnsOf = (holder: string, settings: LaneSettings) => ({
    orm,
    clock,
    logger,
    sessions: newSessions(settings),
    settings,
    pools: ['shared'],
    holder,
    newPassword: () => 'a-long-password-1!',
  });

  /** A worker as the service has one. */
  const startWorker = (part: Partial<LaneSettings> = {}, lanes = 4): LaneWorker => {
    const turns = turnsOf(`worker ${closing.length}`, { ...SETTINGS, ...part });
    const worker = new LaneWorker({ lanes, takeTurn: (signal) => takeTurn(turns, signal), logger });
    worker.start();
    closing.unshift(() => worker.stop());
    return worker;
  };

  /** Lanes that are in the middle of a turn read again after it. */
  const readAll = async () => {
    await sql('update lane set users_completed_at = null, groups_completed_at = null, users_retry_at = null');
    await sql('update lane_wake set wake = wake + 1');
  };

  /** Waits until every portal has been read. */
  const allRead = () =>
    eventually('all portals to be read', async () => {
      return (await sql('select 1 from lane where users_completed_at is null')).length === 0;
    });

  const cells = () =>
    sql<CellState>(
      `select employee_id as "employeeId", portal, reason, actual, account_id as "accountId", invite_id as "inviteId"
       from cell order by employee_id, portal`,
    );

  /** Waits until no lane has anything to do, then answers the cells' reasons by employee and portal. */
  const settled = async (): Promise<Record<string, string>> => {
    await eventually(
      'the lanes to come to rest',
      async () => {
        const { portals } = await reportStatus(orm, TENANT);
        return portals.every(({ outstanding, inDoubt }) => outstanding === 0 && inDoubt === 0);
      },
      { timeoutMs: 30_000 },
    );
    return Object.fromEntries((await cells()).map((cell) => [`${cell.employeeId} ${cell.portal}`, cell.reason]));
  };

  /** In the realm's order, once the turns have ended that made them: a lane counts its calls then, after its cells are at rest. */
  const calls = async () => {
    await eventually(
      'the turns to end',
      async () => (await sql('select 1 from lane where lease_until > now()')).length === 0,
      { timeoutMs: 30_000 },
    );
    return (await reportStatus(orm, TENANT)).portals.map((portal) => portal.calls);
  };

  await storeRealm(orm, realmOf(sandbox));
  return {
    sandbox,
    control,
    orm,
    sql,
    cells,
    settled,
    calls,
    readAll,
    allRead,
    startWorker,
    turnsOf,
    missing,
    outdated,
    status: () => reportStatus(orm, TENANT),
    today: () => clock.today('UTC'),
    /** Both for LearnUpon and for Portico; lanes look again. */
    moveOn: async (by: number) => {
      days += by;
      await control.advance(`P${by}D`);
      await readAll();
    },
    /** The portal's API, as somebody else uses it. */
    clientOf: (portal: string) => {
      const { url: baseUrl, username, password } = sandbox.learnupon.find((each) => each.portal === portal)!;
      const client = createLearnUponClient({ baseUrl, username, password, timeoutMs: 5_000 });
      closing.push(() => client.close());
      return client;
    },
    decide: (...decisions: readonly AccessDecidedV1[]) =>
      recordAccess(
        orm,
        decisions.map((access) => ({ access })),
      ),
    realm: (part: Partial<RealmChangedV1> = {}) => storeRealm(orm, realmOf(sandbox, part)),
    eventsOf: async () => {
      const rows = await sql<{ event: { event: string; employeeId: string; portal: string } }>(
        `select body::json as event
         from learner_event_batch cross join lateral string_to_table(bodies, E'\\n') with ordinality as line(body, place)
         order by position, place`,
      );
      return rows.map(({ event }) => `${event.employeeId} ${event.portal} ${event.event}`);
    },
    close: async () => {
      for (const close of closing) await close();
      await database.close();
      await sandbox.stop();
    },
  };
};

export type TestRealm = Awaited<ReturnType<typeof openRealm>>;
export type { MikroORM };
