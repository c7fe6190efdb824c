import type { FaultSpec, Sandbox, Switches } from '@portico/sandbox';

export interface SandboxAccount {
  readonly id: number;
  readonly portal: string;
  readonly email: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly enabled: boolean;
  readonly userType: string;
  readonly accountExpires: string | null;
  readonly customData: Readonly<Record<string, string>>;
}

export interface SandboxInvite {
  readonly id: number;
  readonly portal: string;
  readonly email: string | null;
  readonly status: string;
}

export interface CallsOf {
  readonly total: number;
  readonly [key: string]: unknown;
}

const send = async <T>(url: string, method: string, body?: unknown): Promise<T> => {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
};

/** The sandbox's control API. */
export const controlOf = ({ control }: Sandbox) => ({
  /** Of everybody but the realm's admin, whom the sandbox brings along. */
  state: async () => {
    const state = await send<{ accounts: SandboxAccount[]; invites: SandboxInvite[] }>(`${control}/accounts`, 'GET');
    return { ...state, accounts: state.accounts.filter(({ email }) => !email?.startsWith('lms.admin')) };
  },
  accept: (inviteId: number) => send(`${control}/mailbox/${inviteId}/accept`, 'POST', {}),
  addAccount: (account: object) => send<SandboxAccount>(`${control}/accounts`, 'POST', account),
  changeAccount: (portal: string, id: number, change: object) =>
    send(`${control}/accounts/${portal}/${id}`, 'POST', change),
  deleteAccount: (portal: string, id: number) => send(`${control}/accounts/${portal}/${id}`, 'DELETE'),
  changePortal: (portal: string, change: object) => send(`${control}/portals/${portal}`, 'POST', change),
  fault: (fault: FaultSpec) => send(`${control}/faults`, 'POST', fault),
  clearFaults: () => send(`${control}/faults`, 'DELETE'),
  switch: (switches: Partial<Switches>) => send(`${control}/switches`, 'POST', switches),
  calls: () => send<{ portals: Record<string, unknown> }>(`${control}/calls`, 'GET'),
  clearCalls: () => send(`${control}/calls`, 'DELETE'),
  advance: (duration: string) => send(`${control}/clock`, 'POST', { advance: duration }),
});
