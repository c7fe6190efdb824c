import type { MikroORM } from '@mikro-orm/postgresql';
import type { Clock, Logger } from '@portico/service-kit';
import { leaseLane, LeaseLostError, releaseLane, type LaneLease, type Release } from '../persistence/lanes.js';
import { recordHealth } from '../persistence/quarantine.js';
import { errorForLog } from './error-for-log.js';
import type { LaneSettings } from './lane-context.js';
import { TurnStoppedError } from './until-ready.js';
import type { PortalSession, PortalSessions } from './portal-sessions.js';
import { serveLane, type Turn } from './serve-lane.js';
import { troubleOfTurn, type Trouble } from './trouble.js';

export interface TurnOptions {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sessions: PortalSessions;
  readonly settings: LaneSettings;
  readonly pools: readonly string[];
  /** Names this worker in the lanes that it holds. */
  readonly holder: string;
  readonly newPassword: () => string;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 120_000;
/** To see whether the secret has changed; the portal is left alone for longer. */
const KEPT_OUT_PAUSE_MS = 5_000;

const pauseFor = ({ kind }: Trouble, failures: number): number => {
  if (kind === 'kept-out') return KEPT_OUT_PAUSE_MS;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
};

const NO_CALLS = { reads: 0, writes: 0, throttled: 0 };

const releaseOf = (lease: LaneLease, { dueInMs, pauseMs, trouble }: Turn, session?: PortalSession): Release => {
  const pace = session?.pace.state() ?? lease.pace ?? { limit: null, spent: [] };
  const calls = session?.counts ?? NO_CALLS;
  if (trouble === undefined) return { dueInMs, pauseMs, failures: 0, pace, calls };
  const waitMs = session?.pace.waitMs() ?? 0;
  if (trouble.kind === 'throttled') return { dueInMs: 0, pauseMs: waitMs, failures: lease.failures, pace, calls };
  const failures = lease.failures + 1;
  return { dueInMs: 0, pauseMs: Math.max(waitMs, pauseFor(trouble, failures)), failures, pace, calls };
};

/** How a turn ended that broke off. A fault of our own backs off like a portal that does not answer. */
const turnAfter = (error: unknown, lease: LaneLease, logger: Logger): Turn => {
  const { tenant, portal } = lease;
  if (error instanceof TurnStoppedError) return { dueInMs: 0, pauseMs: 0 };
  const found = troubleOfTurn(error, lease);
  if (found !== undefined) return { dueInMs: 0, pauseMs: 0, trouble: found };
  logger.error({ tenant, portal, err: errorForLog(error) }, 'the turn of a lane failed');
  const message = `a turn of ${portal} failed: see the log of the worker`;
  return { dueInMs: 0, pauseMs: 0, trouble: { kind: 'unreachable', reason: 'other', message } };
};

export interface TurnTaken {
  /** Milliseconds until the lane may be served again without new work. */
  readonly dueInMs: number;
}

const giveBack = async (orm: MikroORM, lease: LaneLease, release: Release): Promise<TurnTaken> => {
  await releaseLane(orm, lease, release);
  return { dueInMs: Math.max(release.dueInMs, release.pauseMs) };
};

/**
 * Leases the lane that was served longest ago, serves it for one turn and gives it back. What goes wrong with the portal
 * stays with this lane. Answers when the lane is due again, and nothing where none was due.
 */
export const takeTurn = async (options: TurnOptions, signal: AbortSignal): Promise<TurnTaken | undefined> => {
  const { orm, settings, pools, holder, logger } = options;
  const lease = await leaseLane(orm, pools, holder, settings.leaseSeconds);
  if (lease === undefined) return undefined;
  let session: PortalSession | undefined;
  let turn: Turn;
  try {
    session = await options.sessions.open(lease);
    const { client, pace, tempo } = session;
    turn = await serveLane({ ...options, lease, client, pace, tempo, signal });
  } catch (error) {
    if (error instanceof LeaseLostError) {
      logger.warn(
        { tenant: lease.tenant, portal: lease.portal },
        "the lane is another worker's, or its portal is another",
      );
      return giveBack(orm, lease, releaseOf(lease, { dueInMs: 0, pauseMs: 0 }, session));
    }
    turn = turnAfter(error, lease, logger);
  }
  if (turn.trouble?.kind === 'kept-out') session?.rest(turn.trouble);
  await recordHealth(options, lease, turn.trouble);
  return giveBack(orm, lease, releaseOf(lease, turn, session));
};
