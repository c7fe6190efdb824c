import type { SandboxClock } from './clock.js';
import type { Account } from './records.js';

/** LearnUpon's numbers for the actions that it keeps. */
export const AUDIT_ACTIONS = {
  'set complete': 1,
  'user unenrolled': 2,
  'user deleted': 3,
  'login disabled': 4,
  'login enabled': 5,
  'course deleted': 6,
  'group deleted': 11,
  'removed from group': 12,
} as const;

/** Through the API, or by an admin in the portal's own pages. */
export type Actor = 'api' | 'hand';

export interface AuditEntry {
  readonly action: number;
  readonly by: Actor;
  readonly user: string | null;
  readonly email: string | null;
  readonly data: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const KEPT_MS = 30 * 24 * 3_600_000;

/** What happened in a portal in the last 30 days. */
export class AuditTrail {
  private entries: AuditEntry[] = [];

  constructor(private readonly clock: SandboxClock) {}

  record(action: keyof typeof AUDIT_ACTIONS, by: Actor, impacted: { account?: Account; data?: string }): void {
    const { account, data = null } = impacted;
    const { firstName, lastName, email } = account?.person ?? { firstName: null, lastName: null, email: null };
    this.entries.push({
      action: AUDIT_ACTIONS[action],
      by,
      user: account ? [firstName, lastName].filter((name) => name !== null).join(' ') : null,
      email,
      data,
      at: this.clock.now(),
    });
  }

  list(): readonly AuditEntry[] {
    const since = this.clock.now() - KEPT_MS;
    if ((this.entries[0]?.at ?? since) < since) this.entries = this.entries.filter(({ at }) => at >= since);
    return this.entries;
  }
}
