import { Pool } from 'undici';
import type { SandboxAddress, SandboxOptions } from '@portico/sandbox';
import { startSandboxProcess } from './sandbox-process.js';

export interface PortalBodies {
  readonly portal: string;
  readonly bodies: readonly string[];
}

const headers = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  accept: 'application/json',
});

interface ListedUser {
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly locale: string;
  readonly user_type: string;
  readonly CustomData: Readonly<Record<string, string>> | null;
}

const bodyOf = (user: ListedUser): string =>
  JSON.stringify({
    User: {
      email: user.email,
      first_name: user.first_name,
      last_name: user.last_name,
      password: 'a-long-random-password-0123456789',
      language: user.locale,
      user_type: user.user_type,
      CustomData: user.CustomData ?? {},
    },
  });

/** The learners of each portal as the bodies that create them. */
export const readAccounts = (sandbox: SandboxAddress): Promise<PortalBodies[]> =>
  Promise.all(
    sandbox.learnupon.map(async ({ portal, url, username, password }) => {
      const bodies: string[] = [];
      for (let page = 1; ; page += 1) {
        const response = await fetch(`${url}/api/v1/users?page=${page}`, { headers: headers(username, password) });
        const { user } = (await response.json()) as { user: ListedUser[] };
        bodies.push(...user.filter(({ user_type }) => user_type === 'learner').map(bodyOf));
        if (user.length === 0 || response.headers.get('lu-has-next-page') !== 'true') return { portal, bodies };
      }
    }),
  );

const postPortal = async (
  { url, username, password }: SandboxAddress['learnupon'][number],
  bodies: readonly string[],
  concurrency: number,
): Promise<void> => {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: concurrency });
  let next = 0;
  const worker = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = await pool.request({
        method: 'POST',
        path: `${pathname.replace(/\/$/, '')}/api/v1/users`,
        headers: { ...headers(username, password), 'content-type': 'application/json' },
        body,
      });
      if (answer.statusCode !== 200 && answer.statusCode !== 201) {
        throw new Error(`raw posting was answered ${answer.statusCode}: ${await answer.body.text()}`);
      }
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await pool.close();
};

/** Posts all bodies to a fresh sandbox, portals in parallel; returns the seconds that it took. */
export const postAccounts = async (
  accounts: readonly PortalBodies[],
  sandboxOptions: SandboxOptions,
  concurrency: number,
): Promise<number> => {
  const sandbox = await startSandboxProcess('sandbox', sandboxOptions);
  try {
    const began = performance.now();
    await Promise.all(
      sandbox.address.learnupon.map((address) =>
        postPortal(address, accounts.find(({ portal }) => portal === address.portal)?.bodies ?? [], concurrency),
      ),
    );
    return (performance.now() - began) / 1000;
  } finally {
    await sandbox.stop();
  }
};
