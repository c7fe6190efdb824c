import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createSandboxServer } from './server.js';
import type { Portal } from './world/portal.js';
import { createWorld, type WorldOptions } from './world/world.js';

export interface SandboxOptions extends WorldOptions {
  /** By default any free one. */
  readonly port?: number;
  /** By default 127.0.0.1. */
  readonly host?: string;
}

export interface SandboxPortal {
  readonly portal: string;
  /** The portal's title. */
  readonly name: string;
  /** The base below which `/api/v1` stands. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** What a client needs to know of a running sandbox. */
export interface SandboxAddress {
  readonly bamboohr: {
    /** The base below which `/api/v1` stands. */
    readonly url: string;
    readonly company: string;
    readonly apiKey: string;
  };
  /** The top-level portal and its sub-portals, in the order they were given. */
  readonly learnupon: readonly SandboxPortal[];
  /** Base of the control API. */
  readonly control: string;
}

export interface Sandbox extends SandboxAddress {
  /** Scheme, host and port. */
  readonly url: string;
  stop(): Promise<void>;
}

const portalAddress = ({ name, title, keys }: Portal, url: string): SandboxPortal => ({
  portal: name,
  name: title,
  url: `${url}/learnupon/${name}`,
  username: keys?.username ?? '',
  password: keys?.password ?? '',
});

/**
 * Starts BambooHR and LearnUpon on one port of the loopback.
 * @throws RangeError for options that make no sense; Error with code EADDRINUSE for a port that is taken.
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const world = createWorld(options);
  const server = createSandboxServer(world);
  const { host = '127.0.0.1' } = options;
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://${host}:${port}`;
  const { company, realm } = world;
  return {
    url,
    bamboohr: { url: `${url}/bamboohr/${company.name}`, company: company.name, apiKey: company.apiKey },
    learnupon: realm.portals.map((portal) => portalAddress(portal, url)),
    control: `${url}/_sandbox`,
    stop: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
