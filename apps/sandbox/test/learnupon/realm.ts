import { ask, openSandbox, user, type OpenSandbox, type Reply } from '../harness.js';

/** A realm of a top-level portal and two sub-portals, the last with usernames. */
const PORTALS = [
  {
    portal: 'academy',
    title: 'Acme Academy',
    customFields: [
      { label: 'Department' },
      { label: 'Hire Date', type: 'date' as const },
      { label: 'Level', type: 'integer' as const },
      { label: 'Shirt', type: 'string-choice' as const, choices: ['S', 'M'] },
    ],
    courses: ['Welcome', 'Security'],
  },
  { portal: 'sales', title: 'Acme Sales', customFields: [{ label: 'Department' }] },
  { portal: 'retail', title: 'Acme Retail', identifier: 'username' as const },
];

export const EXISTS = 'user already exists, you can try to invite them to this portal?';

export type PortalCall = ReturnType<OpenSandbox['portal']>;

/** A sandbox with that realm, one caller for each portal. */
export const openRealm = async (options: Parameters<typeof openSandbox>[0] = {}) => {
  const box = await openSandbox({ portals: PORTALS, ...options });
  return {
    ...box,
    academy: box.portal('academy'),
    sales: box.portal('sales'),
    retail: box.portal('retail'),
    switchTo: (switches: object) => box.control('POST', '/switches', switches),
    accept: (id: number) => ask(`${box.sandbox.control}/mailbox/${id}/accept`, { method: 'POST' }),
  };
};

export type OpenRealm = Awaited<ReturnType<typeof openRealm>>;

export const emails = (reply: Pick<Reply, 'json'>): string[] =>
  reply.json.user.map(({ email }: { email: string }) => email);

export const created = async (call: PortalCall, email: string, more: object = {}): Promise<number> =>
  (await call('POST', '/users', user(email, more))).json.id as number;

export const invited = async (call: PortalCall, email: string, more: object = {}): Promise<number> =>
  (await call('POST', '/group_invites', { GroupInvite: { email_addresses: email, ...more } })).json.group_invites[0]
    .id as number;

/** A new group, by its title. */
export const grouped = async (call: PortalCall, title: string): Promise<number> =>
  (await call('POST', '/groups', { Group: { title } })).json.id as number;

export const courseIds = async (call: PortalCall): Promise<number[]> =>
  (await call('GET', '/courses')).json.courses.map(({ id }: { id: number }) => id);
