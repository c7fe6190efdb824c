import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startStack } from '@portico/stack';
import { startNatsContainer } from './containers.js';
import { eventually } from './eventually.js';
import { sayOnce } from './once-per-process.js';
import { chooseSource } from './source.js';

export interface TestNats {
  readonly url: string;
  /** Ends it, with all that is in it. */
  close(): Promise<void>;
}

async function startEmbedded(config: string): Promise<TestNats> {
  const stack = await startStack({ postgres: false, natsConfig: config, log: (line) => void sayOnce(line) });
  return { url: stack.natsUrl, close: () => stack.stop() };
}

const lock = 'PORTICO_TEST_LOCK';

/** A given server is lent to one test at a time, empty, and emptied afterwards. The lock is a stream, which only one can have made. */
async function borrowGiven(url: string): Promise<TestNats> {
  const connection = await connect({ servers: url });
  const manager = await jetstreamManager(connection);
  const others = async () => (await manager.streams.names().next()).filter((name) => name !== lock);
  const giveBack = async () => {
    await manager.streams.delete(lock);
    await connection.close();
  };

  const description = randomUUID();
  const advice = `NATS_URL: another test has the server, or a killed one left the stream ${lock} behind, which you may then delete`;
  await eventually(
    advice,
    () => manager.streams.add({ name: lock, subjects: [`${lock}.none`], description }).then(() => true),
    { timeoutMs: 45_000 },
  );
  const found = await others();
  if (found.length > 0) {
    await giveBack();
    throw new Error(
      `The server of NATS_URL has streams already (${found.join(', ')}), and tests would remove them. Give an empty server, delete them, or leave NATS_URL out.`,
    );
  }
  return {
    url,
    close: async () => {
      for (const name of await others()) await manager.streams.delete(name);
      await giveBack();
    },
  };
}

/**
 * A JetStream of the test's own. `config` is more text for its nats.conf (users, accounts); a server given by NATS_URL cannot take that, so there an
 * embedded one is started.
 */
export async function testNats({ config = '' }: { config?: string } = {}): Promise<TestNats> {
  const source = await chooseSource('nats');
  if (source === 'testcontainers') return startNatsContainer(config);
  if (source === 'given' && config === '') return borrowGiven(process.env['NATS_URL'] as string);
  if (source === 'given') await sayOnce('NATS embedded for a test with a configuration of its own');
  return startEmbedded(config);
}
