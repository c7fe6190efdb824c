import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { type Keeper, lastLines } from './kept-servers.js';
import { until } from './wait.js';

export interface NatsOptions {
  readonly program: string;
  readonly directory: string;
  readonly keeper: Keeper;
  readonly port?: number;
  /** More text for nats.conf: users, accounts, limits. Not `listen` and not `jetstream`, which are set here. */
  readonly config?: string;
}

export interface RunningNats {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
}

/** The greeting that a NATS server sends to whoever connects, before any sign-in. */
function readGreeting(port: number): Promise<{ jetstream?: boolean } | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let text = '';
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (bytes) => {
      text += bytes.toString();
      if (!text.includes('\r\n')) return;
      socket.destroy();
      resolve(JSON.parse(text.slice('INFO '.length, text.indexOf('\r\n'))) as { jetstream?: boolean });
    });
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(undefined));
  });
}

/** A server that picked its own port tells it in a file. */
function readPort(file: string): number | undefined {
  try {
    const { nats } = JSON.parse(readFileSync(file, 'utf8')) as { nats: string[] };
    return nats[0] === undefined ? undefined : Number(new URL(nats[0]).port);
  } catch {
    return undefined;
  }
}

/** Starts nats-server with JetStream on the data in the folder. */
export async function startNats({ program, directory, keeper, port, config = '' }: NatsOptions): Promise<RunningNats> {
  const file = join(directory, 'nats.conf');
  const log = join(directory, 'nats.log');
  writeFileSync(file, `jetstream { store_dir: ${JSON.stringify(join(directory, 'nats'))} }\n${config}\n`, {
    mode: 0o600,
  });
  const pid = await keeper.start({
    name: 'nats',
    command: program,
    args: ['-c', file, '-a', '127.0.0.1', '-p', String(port ?? -1), '--ports_file_dir', directory],
    env: { PATH: process.env['PATH'] ?? '' },
    cwd: directory,
    log,
    stopSignal: 'SIGTERM',
  });
  const portsFile = join(directory, `${basename(program)}_${pid}.ports`);
  const failure = () => new Error(`nats-server did not start:\n${lastLines(log)}`);
  const actual = await until('nats-server did not tell its port', () => {
    if (keeper.hasEnded(pid)) throw failure();
    return readPort(portsFile);
  });
  rmSync(portsFile, { force: true });
  const greeting = await until('nats-server did not greet', () => {
    if (keeper.hasEnded(pid)) throw failure();
    return readGreeting(actual);
  });
  if (!greeting.jetstream) throw new Error(`nats-server runs without JetStream:\n${lastLines(log)}`);
  return { pid, port: actual, url: `nats://127.0.0.1:${actual}` };
}
