import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebhookSender } from './bamboohr/webhooks/sender.js';
import { createListener } from './http/listener.js';
import { answerRequests } from './server.js';
import type { LifeEvent } from './world/life.js';
import type { Portal } from './world/portal.js';
import { createWorld, type WorldOptions } from './world/world.js';

export interface SandboxOptions extends WorldOptions {
  /** By default any free one. */
  readonly port?: number;
  /** By default 127.0.0.1. */
  readonly host?: string;
  /** HTTPS beside HTTP on the same port, with an authority of its own; by default HTTP alone. */
  readonly https?: boolean;
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
  /** With HTTPS: the path of the certificate (PEM) to trust. It is gone when the sandbox stops. */
  readonly ca?: string;
}

export interface Sandbox extends SandboxAddress {
  /** Scheme, host and port. */
  readonly url: string;
  /** Plays days of the company: see `Life.live`. */
  live(days: number, pace?: number): readonly LifeEvent[];
  stop(): Promise<void>;
}

const portalAddress = ({ name, title, keys }: Portal, url: string): SandboxPortal => ({
  portal: name,
  name: title,
  url: `${url}/learnupon/${name}`,
  username: keys?.username ?? '',
  password: keys?.password ?? '',
});

/** The authority's certificate as a file, for clients that are told a path. */
const writeCertificate = async (pem: string): Promise<{ path: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-sandbox-'));
  const path = join(folder, 'ca.pem');
  await writeFile(path, pem);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
};

/** Only HTTPS needs the library for certificates. */
const openTls = async () => {
  const { issueTls } = await import('./http/authority.js');
  const tls = await issueTls();
  return { tls, ...(await writeCertificate(tls.ca)) };
};

/** An address to call: "all of this machine's" is none. */
const reachable = (host: string): string => (['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host);

/**
 * Starts BambooHR and LearnUpon on one port, by default of the loopback.
 * @throws RangeError for options that make no sense; Error with code EADDRINUSE for a port that is taken.
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const world = createWorld(options);
  const { host = '127.0.0.1' } = options;
  const secure = options.https ? await openTls() : undefined;
  const listener = createListener(answerRequests(world), secure?.tls);
  const webhooks = new WebhookSender(world);
  const stop = async (): Promise<void> => {
    await Promise.all([listener.close(), webhooks.stop()]);
    await secure?.remove();
  };
  const port = await listener.listen(options.port ?? 0, host).catch(async (error: unknown) => {
    await secure?.remove();
    throw error;
  });
  webhooks.start();
  const url = `${secure ? 'https' : 'http'}://${reachable(host)}:${port}`;
  const { company, realm } = world;
  return {
    url,
    bamboohr: { url: `${url}/bamboohr/${company.name}`, company: company.name, apiKey: company.apiKey },
    learnupon: realm.portals.map((portal) => portalAddress(portal, url)),
    control: `${url}/_sandbox`,
    live: (days, pace) => world.life.live(days, pace),
    ...(secure && { ca: secure.path }),
    stop,
  };
};
