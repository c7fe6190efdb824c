import { Agent, request } from 'undici';
import type { Delivery } from '../../world/webhooks.js';
import type { World } from '../../world/world.js';
import { Dispatcher } from './dispatch.js';
import { signWebhook } from './signature.js';

const MOST_AT_ONCE = 16;
const LONGEST_SLEEP_MS = 60_000;

const TYPES = { json: 'application/json', 'form-encoded': 'application/x-www-form-urlencoded' } as const;

const headersOf = ({ company, clock, switches }: World, { webhook, body }: Delivery): Record<string, string> => {
  const { format, includeCompanyDomain } = webhook.definition;
  const now = clock.now();
  const seconds = new Date(now).toISOString().slice(0, 19);
  const timestamp = switches.webhookSignedTimestamp === 'unix' ? String(Math.floor(now / 1_000)) : `${seconds}Z`;
  return {
    'content-type': TYPES[format],
    'user-agent': 'BambooHR-WebHooks/1.0 (+https://www.bamboohr.com)',
    'x-bamboohr-timestamp': timestamp,
    'x-bamboohr-signature': signWebhook(webhook.privateKey, body, timestamp),
    ...(includeCompanyDomain && { 'company-domain': company.name }),
  };
};

/** Posts what is due, for as long as the sandbox runs. */
export class WebhookSender {
  private readonly verifying = new Agent();
  private readonly trusting = new Agent({ connect: { rejectUnauthorized: false } });
  private readonly stopped = new AbortController();
  private underWay = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly world: World) {}

  /** From now on whatever happens in the company goes to its webhooks. */
  start(): void {
    const { company, webhooks, clock } = this.world;
    const dispatcher = new Dispatcher(this.world);
    company.onEvent((event) => dispatcher.employee(event));
    company.card.onChanged(() => dispatcher.company('company.updated'));
    webhooks.onQueued = () => this.wakeIn(0);
    clock.onMoved(() => this.wakeIn(0));
    this.wakeIn(LONGEST_SLEEP_MS);
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    clearTimeout(this.timer);
    await Promise.all([this.verifying.destroy(), this.trusting.destroy()]);
  }

  private wakeIn(milliseconds: number): void {
    if (this.stopped.signal.aborted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.work(), milliseconds);
    this.timer.unref();
  }

  private work(): void {
    const { company, webhooks, clock } = this.world;
    // Dated rows that took effect meanwhile are news.
    company.today();
    while (this.underWay < MOST_AT_ONCE) {
      const delivery = webhooks.takeDue();
      if (!delivery) break;
      void this.send(delivery);
    }
    const next = webhooks.nextDueAt();
    const wait = next === undefined ? LONGEST_SLEEP_MS : Math.max(1, next - clock.now());
    // At the most at once, the end of the next one wakes.
    this.wakeIn(Math.min(this.underWay < MOST_AT_ONCE ? wait : LONGEST_SLEEP_MS, LONGEST_SLEEP_MS));
  }

  private async send(delivery: Delivery): Promise<void> {
    this.underWay += 1;
    const status = await this.post(delivery);
    this.underWay -= 1;
    if (this.stopped.signal.aborted) return;
    this.world.webhooks.settle(delivery, status);
    this.wakeIn(0);
  }

  /** @returns the status of the answer, or 0 where there was none */
  private async post(delivery: Delivery): Promise<number> {
    const { switches } = this.world;
    const timeout = AbortSignal.timeout(Math.max(1, switches.webhookTimeoutSeconds) * 1_000);
    try {
      const answer = await request(delivery.webhook.definition.url, {
        method: 'POST',
        headers: headersOf(this.world, delivery),
        body: delivery.body,
        dispatcher: switches.webhookTls === 'any' ? this.trusting : this.verifying,
        signal: AbortSignal.any([timeout, this.stopped.signal]),
      });
      await answer.body.dump();
      return answer.statusCode;
    } catch {
      return 0;
    }
  }
}
