import { main } from '../src/program.js';
import { startFakeApi, TOKEN, type Routes } from './fake-api.js';
import { fakeTerminal } from './fake-terminal.js';

export type RunOptions = NonNullable<Parameters<typeof fakeTerminal>[0]> & { readonly interrupted?: AbortSignal };

/** A fake API, and the command line against it. An argument may hold spaces. */
export const cliWithApi = async (routes: Routes) => {
  const api = await startFakeApi({
    'GET /v1/me': () => ({ body: { name: 'Ada', role: 'admin', tenant: 'acme' } }),
    ...routes,
  });
  const run = async (args: readonly string[], options: RunOptions = {}) => {
    const env = { PORTICO_URL: api.url, PORTICO_TOKEN: TOKEN, ...options.env };
    const { terminal, stdout, stderr } = fakeTerminal({ ...options, env });
    const code = await main(args, terminal, options.interrupted ?? new AbortController().signal);
    return { code, out: stdout(), err: stderr() };
  };
  /** What was sent, by method and path below the tenant. */
  const sent = (method: string, path: string) =>
    api.asked.filter((asked) => asked.method === method && asked.path === `/v1/tenants/acme/${path}`);
  return { ...api, run, sent };
};
