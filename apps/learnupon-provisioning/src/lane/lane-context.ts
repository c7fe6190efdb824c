import type { MikroORM } from '@mikro-orm/postgresql';
import type { LearnUponClient } from '@portico/learnupon-client';
import type { Clock, Logger } from '@portico/service-kit';
import type { ProvisioningConfig } from '../config.js';
import type { LaneLease } from '../persistence/lanes.js';
import type { Pace } from './pace.js';
import type { Tempo } from './tempo.js';

export type LaneSettings = Pick<
  ProvisioningConfig,
  'concurrency' | 'leaseSeconds' | 'callTimeoutSeconds' | 'settleSeconds' | 'mirrorMaxAgeSeconds' | 'invitePollSeconds'
>;

/** What one turn of a lane works with. */
export interface LaneContext {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: LaneSettings;
  /** Whose lanes this worker serves. */
  readonly pools: readonly string[];
  readonly lease: LaneLease;
  /** Its calls are counted against the pace. */
  readonly client: LearnUponClient;
  readonly pace: Pace;
  readonly tempo: Tempo;
  /** Aborted when the worker is to stop. */
  readonly signal: AbortSignal;
  readonly newPassword: () => string;
}

/** In UTC, which LearnUpon's dates mean. */
export const todayOf = ({ clock }: Pick<LaneContext, 'clock'>): string => clock.today('UTC').toString();
