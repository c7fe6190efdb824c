import {
  createLearnUponClient,
  LearnUponError,
  type LearnUponCall,
  type LearnUponClient,
} from '@portico/learnupon-client';
import { SecretMissingError, type SecretStore } from '@portico/service-kit';
import type { LaneLease } from '../persistence/lanes.js';
import { Pace } from './pace.js';
import { Tempo } from './tempo.js';
import { KeptOutError, type Trouble } from './trouble.js';

export interface CallCounts {
  reads: number;
  writes: number;
  throttled: number;
}

/** What one turn calls a portal with. */
export interface PortalSession {
  readonly client: LearnUponClient;
  readonly pace: Pace;
  readonly tempo: Tempo;
  readonly counts: CallCounts;
  /** The portal keeps us out: it is not called again for a while, unless its keys or its address change. */
  rest(trouble: Trouble): void;
}

/** How long a portal that keeps us out is left alone. */
const REST_MS = 60_000;

interface Connected {
  readonly credentials: string;
  readonly client: LearnUponClient;
  readonly tempo: Tempo;
  /** Hears of each call of the turn that is under way. */
  listener: (call: LearnUponCall) => void;
  rest?: { readonly trouble: Trouble; readonly until: number };
}

/** Counts each call against the pace, from before it is sent. */
const paced = (client: LearnUponClient, pace: Pace): LearnUponClient =>
  new Proxy(client, {
    get:
      (target, name: keyof LearnUponClient) =>
      async (...args: unknown[]) => {
        pace.begin();
        try {
          return await (target[name] as (...given: unknown[]) => Promise<unknown>)(...args);
        } catch (error) {
          if (error instanceof LearnUponError && error.code === 'rate-limited') pace.throttled(error.retryAfterMs);
          throw error;
        }
      },
  });

export interface PortalSessionsOptions {
  readonly secrets: SecretStore;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly onCall: (portal: { tenant: string; portal: string }, call: LearnUponCall) => void;
}

/** Keeps a portal's connections from turn to turn, for as long as its keys stay the same. */
export class PortalSessions {
  private readonly connected = new Map<string, Connected>();

  constructor(private readonly options: PortalSessionsOptions) {}

  /** @throws SecretMissingError when the portal's keys are not mounted; KeptOutError while it is left alone. */
  async open(lease: LaneLease): Promise<PortalSession> {
    const connected = await this.connect(lease);
    if (connected.rest !== undefined && Date.now() < connected.rest.until)
      throw new KeptOutError(connected.rest.trouble);
    const pace = new Pace(Date.now, lease.pace);
    const counts: CallCounts = { reads: 0, writes: 0, throttled: 0 };
    const { tenant, portal } = lease;
    connected.listener = (call) => {
      pace.end(call.budget.remainingMinute);
      connected.tempo.answeredIn(call.milliseconds);
      counts[call.method === 'GET' ? 'reads' : 'writes'] += 1;
      if (call.status === 429) counts.throttled += 1;
      this.options.onCall({ tenant, portal }, call);
    };
    const rest = (trouble: Trouble) => {
      connected.rest = { trouble, until: Date.now() + REST_MS };
    };
    return { client: paced(connected.client, pace), pace, tempo: connected.tempo, counts, rest };
  }

  async close(): Promise<void> {
    const all = [...this.connected.values()];
    this.connected.clear();
    await Promise.all(all.map(({ client }) => client.close()));
  }

  private async connect({ tenant, portal, baseUrl, secretRef }: LaneLease): Promise<Connected> {
    const { username, password } = await this.options.secrets.read(secretRef);
    if (!username || !password) throw new SecretMissingError(secretRef, 'with the files username and password');
    const key = `${tenant} ${portal}`;
    const credentials = JSON.stringify([baseUrl, username, password]);
    const known = this.connected.get(key);
    if (known?.credentials === credentials) return known;
    void known?.client.close();

    const { timeoutMs, concurrency: maxConnections } = this.options;
    const onCall = (call: LearnUponCall) => connected.listener(call);
    const client = createLearnUponClient({ baseUrl, username, password, timeoutMs, maxConnections, onCall });
    const connected: Connected = { credentials, client, tempo: new Tempo(), listener: () => undefined };
    this.connected.set(key, connected);
    return connected;
  }
}
