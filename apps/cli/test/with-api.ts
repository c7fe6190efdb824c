import type { Routes } from './fake-api.js';
import { cliWithApi, type RunOptions } from './run-cli.js';

const servers: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** As `cliWithApi`, for lines without spaces in an argument; stopped after the test. */
export const withApi = async (routes: Routes) => {
  const api = await cliWithApi(routes);
  servers.push(api);
  return { ...api, run: (line: string, options?: RunOptions) => api.run(line.split(' '), options) };
};
