import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { parse } from 'yaml';
import type { HoldPeopleAnswer, HoldsAnswer, PersonView, ProvisioningStatusAnswer } from '@portico/contracts';
import type { LocalPortico } from './local-portico.js';

export interface Status {
  readonly settled: boolean;
  readonly phase: string;
  readonly waitingFor: unknown;
  readonly provisioning: Pick<ProvisioningStatusAnswer, 'portals'> | null;
}

/** The admin API as chaos uses it: every call is idempotent, and is made again while something is down. */
export class AdminClient {
  private readonly token: string;

  constructor(private readonly local: Pick<LocalPortico, 'adminUrl' | 'tokenFile'>) {
    this.token = readFileSync(local.tokenFile, 'utf8').trim();
  }

  async apply(tenant: string, file: string): Promise<void> {
    await this.persist('PUT', `/v1/tenants/${tenant}/realm`, {
      document: parse(readFileSync(file, 'utf8')) as unknown,
    });
  }

  async status(tenant: string): Promise<Status> {
    return (await this.persist('GET', `/v1/tenants/${tenant}/status`)) as Status;
  }

  async run(tenant: string, kind: 'full' | 'changed'): Promise<void> {
    await this.persist('POST', `/v1/tenants/${tenant}/runs`, { kind });
  }

  /**
   * Waits until everything has come to rest: nothing unread, undecided, unpublished, outstanding or in doubt.
   * Answers what it still waited for when the time was up; nothing when all is well.
   * @param pollMs until the status is asked for again
   */
  async untilSettled(tenant: string, withinMs: number, pollMs = 100): Promise<readonly string[]> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const status = await this.status(tenant);
      if (status.settled) return [];
      if (performance.now() > deadline) {
        const what = `did not settle: ${status.phase}, ${JSON.stringify(status.waitingFor)}`;
        return [what, ...(await this.pending(tenant))];
      }
      await after(pollMs);
    }
  }

  /** Lets everything go that the gate keeps back. Answers how many people that is; what changes meanwhile is left. */
  async approveHolds(tenant: string): Promise<number> {
    const { holds } = (await this.persist('GET', `/v1/tenants/${tenant}/holds`)) as HoldsAnswer;
    for (const { portal, cause } of holds) {
      await this.approveHold(`/v1/tenants/${tenant}/holds/${portal}/${cause.id}`).catch(() => {});
    }
    return holds.reduce((sum, { people }) => sum + people, 0);
  }

  private async approveHold(path: string): Promise<void> {
    const { digest } = (await this.call('GET', `${path}/people?limit=1`)) as HoldPeopleAnswer;
    await this.call('POST', `${path}/approval`, { digest });
  }

  private async pending(tenant: string): Promise<string[]> {
    const { rows } = (await this.persist('GET', `/v1/tenants/${tenant}/people`)) as { rows: PersonView[] };
    return rows.flatMap(({ employeeId, cells }) =>
      cells.filter(({ pending }) => pending).map((cell) => `employee ${employeeId}: ${JSON.stringify(cell)}`),
    );
  }

  private async persist(method: string, path: string, body?: unknown): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.call(method, path, body).catch((error: unknown) => error as Error);
      if (!(answer instanceof Error)) return answer;
      if (attempt >= 120) throw answer;
      await after(250);
    }
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.local.adminUrl}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
