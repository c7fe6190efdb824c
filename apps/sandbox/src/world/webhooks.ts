import type { ApiUser } from './api-users.js';
import type { Random } from './random.js';
import type { Switches } from './switches.js';

export const EMPLOYEE_EVENTS = ['employee.created', 'employee.updated', 'employee.deleted'] as const;
/** The older kind, whose bodies have values. */
export const FIELD_EVENTS = [
  'employee_with_fields.updated',
  'employee_with_fields.deleted',
  'employee_with_fields.created',
] as const;
export const COMPANY_EVENTS = ['company-integrations.updated', 'company.updated', 'company.deleted'] as const;
export const WEBHOOK_EVENTS = [...EMPLOYEE_EVENTS, ...FIELD_EVENTS, ...COMPANY_EVENTS] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface WebhookDefinition {
  readonly name: string;
  readonly url: string;
  readonly format: 'json' | 'form-encoded';
  /** As given, aliases or numbers; null where no event needs them. */
  readonly monitorFields: readonly string[] | null;
  /** What each field is called in the body. */
  readonly postFields: Readonly<Record<string, string>>;
  readonly includeCompanyDomain: boolean;
  readonly events: readonly WebhookEvent[];
}

export interface Webhook {
  readonly id: number;
  readonly privateKey: string;
  /** Who made it through the API; nobody made a global one there. */
  readonly owner: ApiUser | undefined;
  readonly createdAt: number;
  definition: WebhookDefinition;
  lastSentAt: number | null;
}

export interface Delivery {
  readonly id: number;
  readonly webhook: Webhook;
  readonly employeeIds: string[];
  body: string;
  attempts: number;
  /** Milliseconds since 1970; undefined when there is nothing more to do. */
  dueAt: number | undefined;
  isUnderWay: boolean;
  attemptedAt: number | null;
  succeededAt: number | null;
  /** Of the last answer; 0 is none. */
  status: number;
}

const MINUTE_MS = 60_000;
const RETRIES = { 'from-five-minutes': [5, 10, 20, 40, 80], 'from-at-once': [0, 5, 10, 20, 40] } as const;
const JITTER_MS = 30_000;
const LOG_ENTRIES = 200;
const LOG_MS = 14 * 86_400_000;

/** The company's webhooks and what is on its way to them. Times are of the sandbox's clock. */
export class Webhooks {
  private readonly byId = new Map<number, Webhook>();
  private readonly pending = new Set<Delivery>();
  private readonly finished = new Map<number, Delivery[]>();
  private nextId = 21;
  private nextDeliveryId = 1;
  /** Told when something is to be sent. */
  onQueued: () => void = () => undefined;

  constructor(
    private readonly random: Random,
    private readonly now: () => number,
    private readonly switches: Switches,
  ) {}

  add(definition: WebhookDefinition, owner: ApiUser | undefined): Webhook {
    const privateKey = this.random.hex(32);
    const webhook = { id: this.nextId, privateKey, owner, createdAt: this.now(), definition, lastSentAt: null };
    this.nextId += 1;
    this.byId.set(webhook.id, webhook);
    return webhook;
  }

  find(id: number): Webhook | undefined {
    return this.byId.get(id);
  }

  all(): readonly Webhook[] {
    return [...this.byId.values()];
  }

  remove({ id }: Webhook): void {
    this.byId.delete(id);
    this.finished.delete(id);
    for (const delivery of this.pending) if (delivery.webhook.id === id) this.pending.delete(delivery);
  }

  queue(webhook: Webhook, employeeIds: readonly string[], body: string): Delivery {
    const delivery: Delivery = {
      id: this.nextDeliveryId,
      webhook,
      employeeIds: [...employeeIds],
      body,
      attempts: 0,
      dueAt: this.now(),
      isUnderWay: false,
      attemptedAt: null,
      succeededAt: null,
      status: 0,
    };
    this.nextDeliveryId += 1;
    this.pending.add(delivery);
    this.onQueued();
    return delivery;
  }

  /** Takes one that is due; those of a creator who was disabled are dropped. */
  takeDue(): Delivery | undefined {
    const now = this.now();
    for (const delivery of this.pending) {
      if (delivery.webhook.owner?.enabled === false) this.finish(delivery);
      else if (!delivery.isUnderWay && delivery.dueAt !== undefined && delivery.dueAt <= now) {
        delivery.isUnderWay = true;
        return delivery;
      }
    }
    return undefined;
  }

  /** When the next one is due, of those that are not under way. */
  nextDueAt(): number | undefined {
    let next: number | undefined;
    for (const { dueAt, isUnderWay } of this.pending) {
      if (!isUnderWay && dueAt !== undefined && (next === undefined || dueAt < next)) next = dueAt;
    }
    return next;
  }

  /** @param status of the answer; 0 where there was none */
  settle(delivery: Delivery, status: number): void {
    const now = this.now();
    Object.assign(delivery, { isUnderWay: false, status, attemptedAt: now, attempts: delivery.attempts + 1 });
    delivery.webhook.lastSentAt = now;
    const isDone = status >= 200 && status < 300;
    if (isDone) delivery.succeededAt = now;
    const wait = isDone ? undefined : this.waitAfter(delivery);
    if (wait === undefined) this.finish(delivery);
    else delivery.dueAt = now + wait;
  }

  /** Of the last 14 days, the newest first. */
  logOf({ id }: Webhook): Delivery[] {
    const tried = [...this.pending].filter(({ webhook, attempts }) => webhook.id === id && attempts > 0);
    const since = this.now() - LOG_MS;
    return [...(this.finished.get(id) ?? []), ...tried]
      .filter(({ attemptedAt }) => attemptedAt !== null && attemptedAt >= since)
      .sort((one, other) => other.id - one.id)
      .slice(0, LOG_ENTRIES);
  }

  pendingCount(): number {
    return this.pending.size;
  }

  private waitAfter({ attempts, status }: Delivery): number | undefined {
    const { webhookRetries, webhookRetryNetworkErrors, webhookRetryFactor } = this.switches;
    const isRetried = status >= 500 || (status === 0 && webhookRetryNetworkErrors);
    const minutes = isRetried ? RETRIES[webhookRetries][attempts - 1] : undefined;
    if (minutes === undefined) return undefined;
    const jitter = webhookRetries === 'from-at-once' ? this.random.below(JITTER_MS) : 0;
    return Math.ceil((minutes * MINUTE_MS + jitter) / Math.max(1, webhookRetryFactor));
  }

  private finish(delivery: Delivery): void {
    const { id } = delivery.webhook;
    delivery.dueAt = undefined;
    this.pending.delete(delivery);
    if (!this.byId.has(id)) return;
    const log = this.finished.get(id) ?? [];
    log.push(delivery);
    if (log.length > LOG_ENTRIES) log.shift();
    this.finished.set(id, log);
  }
}
