import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import {
  EmployeeChangedV1,
  EVENT_TYPES,
  filters,
  samples,
  stateEventId,
  STREAMS,
  subjects,
  toHeaders,
} from '@portico/contracts';
import {
  connectNats,
  Consume,
  describeTopology,
  JetStreamServer,
  migrateTopology,
  type Delivery,
} from '@portico/messaging';

export interface MessageMeasure {
  /** Messages a second through `JetStreamServer`: fetched, parsed, validated, handled in batches, acknowledged. */
  readonly transportPerSecond: number;
  /** Messages a second that the NATS client fetches and acknowledges, without looking at them. */
  readonly rawPerSecond: number;
  readonly ratio: number;
}

const POOL = 'bench';
const BATCH = 256;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let handled = 0;
let target = 0;
let reached = (): void => undefined;

@Controller()
class BenchController {
  @Consume('employees', { batch: true, contract: EmployeeChangedV1 })
  handle(batch: readonly Delivery<EmployeeChangedV1>[]): void {
    for (const { data } of batch) if (data.revision > 0) handled += 1;
    if (handled >= target) reached();
  }
}

@Module({ controllers: [BenchController] })
class BenchModule {}

const fill = async (connection: NatsConnection, count: number): Promise<void> => {
  const js = jetstream(connection);
  const sample = samples.find(({ type }) => type === EmployeeChangedV1)?.sample as EmployeeChangedV1;
  for (let first = 0; first < count; first += 1_000) {
    const ids = Array.from({ length: Math.min(1_000, count - first) }, (_, index) => String(first + index));
    await Promise.all(
      ids.map((employeeId) => {
        const subject = subjects.employee(POOL, 'acme', employeeId);
        const { revision, recordedAt } = sample;
        const id = stateEventId(subject, revision);
        const event = { id, type: EVENT_TYPES.employeeChanged, source: 'bench', time: recordedAt, revision };
        const carried = headers();
        for (const [name, value] of Object.entries(toHeaders(event))) carried.set(name, value);
        return js.publish(subject, JSON.stringify({ ...sample, employeeId }), { headers: carried, timeout: 30_000 });
      }),
    );
  }
};

const addConsumer = async (jsm: JetStreamManager, durable: string): Promise<string> => {
  await jsm.consumers.add(STREAMS.employees, {
    durable_name: durable,
    filter_subject: filters.pool('employee', POOL),
    ack_policy: 'explicit',
    ack_wait: 30e9,
    max_ack_pending: 2_000,
  });
  return durable;
};

const measureRaw = async (connection: NatsConnection, durable: string, count: number): Promise<number> => {
  const consumer = await jetstream(connection).consumers.get(STREAMS.employees, durable);
  const startedAt = performance.now();
  const messages = await consumer.consume({ max_messages: 2 * BATCH });
  let received = 0;
  for await (const message of messages) {
    message.ack();
    received += 1;
    if (received >= count) break;
  }
  await connection.flush();
  return performance.now() - startedAt;
};

const measureTransport = async (connection: NatsConnection, durable: string, count: number): Promise<number> => {
  const strategy = new JetStreamServer({
    connection,
    bindings: { employees: [{ stream: STREAMS.employees, durable }] },
    batchSize: BATCH,
    logger: silent,
    clock: { now: () => Temporal.Now.instant() },
  });
  const app = await NestFactory.createMicroservice(BenchModule, { strategy, logger: false });
  const all = Promise.withResolvers<undefined>();
  [handled, target, reached] = [0, count, () => all.resolve(undefined)];
  const startedAt = performance.now();
  await app.listen();
  await all.promise;
  await connection.flush();
  const tookMs = performance.now() - startedAt;
  await app.close();
  return tookMs;
};

/** On a NATS of its own: it makes Portico's streams there. Raw and transport take turns, and the better of each counts. */
export const measureMessages = async ({
  natsUrl,
  count,
}: {
  readonly natsUrl: string;
  readonly count: number;
}): Promise<MessageMeasure> => {
  const connection = await connectNats({ url: natsUrl, name: 'bench' });
  const jsm = await jetstreamManager(connection);
  await migrateTopology(connection, describeTopology({ pools: [POOL] }));
  await fill(connection, count);
  const took = { raw: Number.POSITIVE_INFINITY, transport: Number.POSITIVE_INFINITY };
  for (const round of [1, 2, 3]) {
    took.raw = Math.min(took.raw, await measureRaw(connection, await addConsumer(jsm, `bench-raw-${round}`), count));
    const durable = await addConsumer(jsm, `bench-transport-${round}`);
    took.transport = Math.min(took.transport, await measureTransport(connection, durable, count));
  }
  await connection.close();
  const [transportPerSecond, rawPerSecond] = [count / (took.transport / 1_000), count / (took.raw / 1_000)];
  return { transportPerSecond, rawPerSecond, ratio: transportPerSecond / rawPerSecond };
};
