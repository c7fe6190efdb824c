export interface LifeEvent {
  readonly kind: string;
  readonly employeeId: string;
  /** In words: of a recycled address which one, and whose it was. */
  readonly about: string;
}

/** The sandbox's control API: what happens in the company and at the learners' desks. */
export interface SandboxControl {
  hire(person: Readonly<Record<string, string>>): Promise<{ id: string }>;
  rename(id: string, names: Readonly<Record<string, string | null>>): Promise<void>;
  move(id: string, job: Readonly<Record<string, string>>): Promise<void>;
  terminate(id: string): Promise<void>;
  rehire(id: string): Promise<void>;
  /** What BambooHR shows to the API key from now on. */
  hide(what: { readonly fields?: readonly string[]; readonly people?: readonly string[] }): Promise<void>;
  acceptInvite(id: number): Promise<void>;
  /** Mails with an accept link, the newest first. */
  mailbox(): Promise<readonly { inviteId: number; portal: string; to: string }[]>;
  /** Every answer of every portal takes that much longer. */
  slowDown(ms: number): Promise<void>;
  /** As the sandbox's README describes them; until they are cleared. */
  fail(fault: { readonly target: string; readonly kind: string } & Readonly<Record<string, unknown>>): Promise<void>;
  clearFaults(): Promise<void>;
  /** Plays so many days of the company, `pace` times as eventful; the clock goes with them. */
  live(days: number, pace: number): Promise<readonly LifeEvent[]>;
  now(): Promise<string>;
  /** Writes that reached any portal since the sandbox began. */
  writes(): Promise<number>;
}

export const sandboxControl = (control: string): SandboxControl => {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${control}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${control}${path} answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const at = (id: string, action: string, body: unknown = {}) => call('POST', `/people/${id}/${action}`, body);
  return {
    hire: (person) => call('POST', '/hire', person) as Promise<{ id: string }>,
    rename: async (id, names) => void (await at(id, 'rename', names)),
    move: async (id, job) => void (await at(id, 'move', job)),
    terminate: async (id) => void (await at(id, 'terminate')),
    rehire: async (id) => void (await at(id, 'rehire')),
    hide: async ({ fields = [], people = [] }) =>
      void (await call('POST', '/profile', { hiddenFields: fields, hiddenEmployees: people })),
    acceptInvite: async (id) => void (await call('POST', `/mailbox/${id}/accept`, {})),
    mailbox: async () =>
      ((await call('GET', '/mailbox')) as { mails: { inviteId: number; portal: string; to: string }[] }).mails,
    slowDown: async (ms) => void (await call('POST', '/faults', { target: '*', kind: 'latency', ms })),
    fail: async (fault) => void (await call('POST', '/faults', fault)),
    clearFaults: async () => void (await call('DELETE', '/faults')),
    live: async (days, pace) => ((await call('POST', '/life', { days, pace })) as { events: LifeEvent[] }).events,
    now: async () => ((await call('GET', '/clock')) as { now: string }).now,
    writes: async () => {
      const { portals } = (await call('GET', '/calls')) as { portals: Record<string, { writes: number }> };
      return Object.values(portals).reduce((total, { writes }) => total + writes, 0);
    },
  };
};
