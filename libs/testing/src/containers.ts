import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { StartedTestContainer } from 'testcontainers';
import { images } from './source.js';

/**
 * Removes the container when this process ends, however it ends. Testcontainers' own reaper needs an image of its own, which is not to be had everywhere.
 */
function removeWhenGone(name: string): void {
  const watch = spawn('sh', ['-c', 'cat >/dev/null; exec docker rm --force --volumes "$1"', 'sh', name], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.unref();
  (watch.stdin as typeof watch.stdin & { unref(): void }).unref();
}

async function library() {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  return import('testcontainers');
}

const addressOf = (container: StartedTestContainer, port: number) =>
  `${container.getHost()}:${container.getMappedPort(port)}`;

/** A PostgreSQL that listens, but perhaps does not answer yet. Goes with this process. */
export async function startPostgresContainer(): Promise<{ url: string }> {
  const { GenericContainer, Wait } = await library();
  const name = `portico-test-${randomUUID()}`;
  removeWhenGone(name);
  const container = await new GenericContainer(images.postgres)
    .withName(name)
    .withEnvironment({ POSTGRES_USER: 'portico', POSTGRES_PASSWORD: 'portico' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=200'])
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections'))
    .start();
  return { url: `postgresql://portico:portico@${addressOf(container, 5432)}/postgres` };
}

/** A nats-server with JetStream, and more text for its nats.conf. */
export async function startNatsContainer(config: string): Promise<{ url: string; close(): Promise<void> }> {
  const { GenericContainer, Wait } = await library();
  const name = `portico-test-${randomUUID()}`;
  removeWhenGone(name);
  const container = await new GenericContainer(images.nats)
    .withName(name)
    .withCopyContentToContainer([
      { content: `jetstream { store_dir: "/tmp/nats" }\n${config}\n`, target: '/portico.conf' },
    ])
    .withCommand(['-c', '/portico.conf'])
    .withExposedPorts(4222)
    .withWaitStrategy(Wait.forLogMessage('Server is ready'))
    .start();
  return { url: `nats://${addressOf(container, 4222)}`, close: async () => void (await container.stop()) };
}
