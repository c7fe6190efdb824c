import { startStack } from '@portico/stack';
import { sayOnce } from './once-per-process.js';

export interface TestServer {
  readonly url: string;
  /** SIGKILL for all of its processes. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
}

export interface TestServers {
  /** A superuser's, database postgres. */
  readonly postgres: TestServer;
  readonly nats: TestServer;
  close(): Promise<void>;
}

/** Both servers, embedded always, for a test that kills them. */
export async function testServers({ natsConfig = '' }: { natsConfig?: string } = {}): Promise<TestServers> {
  const stack = await startStack({ fsync: false, natsConfig, log: (line) => void sayOnce(line) });
  return {
    postgres: { url: stack.postgresUrl, kill: () => stack.killPostgres(), restart: () => stack.restartPostgres() },
    nats: { url: stack.natsUrl, kill: () => stack.killNats(), restart: () => stack.restartNats() },
    close: () => stack.stop(),
  };
}
