import { chmodSync, mkdirSync, mkdtempSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { findNatsServer } from './find-nats-server.js';
import { startKeeper } from './kept-servers.js';
import { type RunningNats, startNats } from './nats.js';
import { type RunningPostgres, startPostgres } from './postgres.js';

export interface StackOptions {
  /** Where the data is, and stays. Default: a temporary folder that goes with the stack. */
  readonly directory?: string;
  /** Default true. */
  readonly postgres?: boolean;
  /** Default true. */
  readonly nats?: boolean;
  /** More text for nats.conf: users, accounts, limits. */
  readonly natsConfig?: string;
  /** Default: free ones. */
  readonly ports?: { readonly postgres?: number; readonly nats?: number };
  /** PostgreSQL's fsync, default true. False is for tests: faster, safe against killed processes, not against a power cut. */
  readonly fsync?: boolean;
  /** Servers that are there already and are used instead of started: see `givenServers`. */
  readonly given?: GivenServers;
  /** Default: a line on stderr. */
  readonly log?: (line: string) => void;
}

export interface GivenServers {
  readonly postgresUrl?: string;
  readonly natsUrl?: string;
}

/**
 * A PostgreSQL and a nats-server of our own. Asking for what was not started (or for the pid of a server that was given) throws.
 * They end with `stop`, with this process, and shortly after it where it is killed.
 */
export interface Stack {
  /** Of a superuser, database postgres. */
  readonly postgresUrl: string;
  readonly natsUrl: string;
  readonly directory: string;
  readonly postgresPid: number;
  readonly natsPid: number;
  /** Ends both and removes the temporary folder. May be called again. */
  stop(): Promise<void>;
  /** SIGKILL for all of its processes. */
  killPostgres(): Promise<void>;
  /** Starts it again on the same port and data, after a kill where it still runs. */
  restartPostgres(): Promise<void>;
  killNats(): Promise<void>;
  restartNats(): Promise<void>;
}

/** What DATABASE_URL and NATS_URL give. */
export function givenServers(env: NodeJS.ProcessEnv = process.env): GivenServers {
  const { DATABASE_URL: postgresUrl, NATS_URL: natsUrl } = env;
  return { ...(postgresUrl ? { postgresUrl } : {}), ...(natsUrl ? { natsUrl } : {}) };
}

/** Root runs PostgreSQL as someone else, who must be able to reach the folder. */
function temporaryParent(): string {
  const wanted = realpathSync(tmpdir());
  const passable = (path: string): boolean =>
    (statSync(path).mode & 0o001) !== 0 && (path === dirname(path) || passable(dirname(path)));
  return process.getuid?.() !== 0 || passable(wanted) ? wanted : '/tmp';
}

function makeDirectory(given?: string): string {
  if (given !== undefined) {
    mkdirSync(given, { recursive: true });
    return resolve(given);
  }
  const made = mkdtempSync(join(temporaryParent(), 'portico-'));
  chmodSync(made, 0o711);
  return made;
}

function running<T>(server: T | undefined, name: string): T {
  if (server === undefined) throw new Error(`${name} was not started by this stack.`);
  return server;
}

/** Starts PostgreSQL and nats-server without Docker, root or anything installed beforehand. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { given = {}, fsync = true, log = (line) => process.stderr.write(`stack: ${line}\n`) } = options;
  const wantsPostgres = options.postgres !== false && given.postgresUrl === undefined;
  const wantsNats = options.nats !== false && given.natsUrl === undefined;
  for (const [variable, url] of [
    ['DATABASE_URL', given.postgresUrl],
    ['NATS_URL', given.natsUrl],
  ])
    if (url) log(`uses ${variable}`);

  const program = wantsNats ? (await findNatsServer(log)).path : '';
  const keepsData = options.directory !== undefined;
  const directory = makeDirectory(options.directory);
  const keeper = startKeeper(keepsData ? undefined : directory);
  let postgres: RunningPostgres | undefined;
  let nats: RunningNats | undefined;

  const runPostgres = async (port?: number) => {
    postgres = await startPostgres({ directory, keeper, fsync, keepsData, ...(port === undefined ? {} : { port }) });
  };
  const runNats = async (port?: number) => {
    const config = options.natsConfig ?? '';
    nats = await startNats({ program, directory, keeper, config, ...(port === undefined ? {} : { port }) });
  };

  try {
    await Promise.all([
      wantsPostgres && runPostgres(options.ports?.postgres),
      wantsNats && runNats(options.ports?.nats),
    ]);
  } catch (error) {
    await keeper.close();
    throw error;
  }

  let stopped: Promise<void> | undefined;
  const kill = (name: 'postgres' | 'nats', server: unknown) => {
    running(server, name);
    return keeper.kill(name);
  };
  return {
    directory,
    get postgresUrl() {
      return given.postgresUrl ?? running(postgres, 'PostgreSQL').url;
    },
    get natsUrl() {
      return given.natsUrl ?? running(nats, 'NATS').url;
    },
    get postgresPid() {
      return running(postgres, 'PostgreSQL').pid;
    },
    get natsPid() {
      return running(nats, 'NATS').pid;
    },
    stop: () => (stopped ??= keeper.close()),
    killPostgres: () => kill('postgres', postgres),
    killNats: () => kill('nats', nats),
    restartPostgres: async () => {
      await kill('postgres', postgres);
      await runPostgres(postgres?.port);
    },
    restartNats: async () => {
      await kill('nats', nats);
      await runNats(nats?.port);
    },
  };
}
