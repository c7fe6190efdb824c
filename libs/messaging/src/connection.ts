import { connect, createInbox, type NatsConnection } from '@nats-io/transport-node';
import type { HealthProbe } from '@portico/service-kit';

export interface NatsOptions {
  /** One or several, separated by commas; a user and password in the first count where `user` is not given. */
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Shown in the server's list of connections; stands for the user where there is none. */
  readonly name: string;
}

/** NATS can't be reached or refuses the user. The message names the server and the remedy, never the password. */
export class NatsConnectionError extends Error {
  override readonly name = 'NatsConnectionError';
}

/** The prefix that the user's permissions allow, and nobody else's. */
export const inboxPrefixOf = (user: string): string => `_INBOX_${user.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`;

/** A fresh inbox that the connection's user may listen to; the library keeps to itself which prefix it was given. */
export const inboxOf = (connection: NatsConnection): string =>
  createInbox((connection as unknown as { options: { inboxPrefix?: string } }).options.inboxPrefix ?? '_INBOX');

interface Server {
  readonly host: string;
  readonly user?: string;
  readonly password?: string;
}

/** The library takes the colon of `user:password@host:port` for a part of an IPv6 address. */
const serverOf = (text: string): Server => {
  const { host, username, password } = new URL(/:\/\//.test(text) ? text : `nats://${text}`);
  return {
    host,
    ...(username === '' ? {} : { user: decodeURIComponent(username), password: decodeURIComponent(password) }),
  };
};

/** The same settings for a connection of our own and for Nest's NATS transport. Waits for a lost server without end. */
export const natsClientOptions = ({ url, name, ...given }: NatsOptions) => {
  const servers = url.split(',').map((server) => serverOf(server.trim()));
  const user = given.user ?? servers[0]?.user;
  const password = given.user === undefined ? servers[0]?.password : given.password;
  return {
    servers: servers.map(({ host }) => host),
    name,
    inboxPrefix: inboxPrefixOf(user ?? name),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 100,
    pingInterval: 10_000,
    // Else each publish makes two errors with their stacks, in case it should fail.
    noAsyncTraces: true,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
  };
};

const hostsOf = (url: string): string => url.replaceAll(/\/\/[^@/,]*@/g, '//');

const remedyFor = (reason: string): string =>
  /authorization|authentication/i.test(reason)
    ? 'check NATS_USER and NATS_PASSWORD against the users that the server was given'
    : 'start it, or set NATS_URL to where it is';

/** @throws NatsConnectionError when the first attempt fails; later losses are waited out. */
export const connectNats = async (options: NatsOptions): Promise<NatsConnection> => {
  try {
    return await connect(natsClientOptions(options));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NatsConnectionError(`NATS at ${hostsOf(options.url)}: ${reason}; ${remedyFor(reason)}`, { cause });
  }
};

/** Down while the server doesn't answer. */
export const natsHealthIndicator = (connection: NatsConnection): HealthProbe => ({
  name: 'nats',
  check: async () => {
    const roundTripMs = await connection.rtt();
    return { roundTripMs };
  },
});
