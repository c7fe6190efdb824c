import 'reflect-metadata';
import { Controller, Inject, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NatsConnection } from '@nats-io/transport-node';
import { durables, EmployeeChangedV1, RealmChangedV1, STREAMS } from '@portico/contracts';
import { Consume, JetStreamServer, type Delivery, type JetStreamServerOptions } from '../src/index.js';
import { clock, silent } from './support.js';

type Handler<T> = (given: T) => void | Promise<void>;

@Controller()
class EmployeesController {
  constructor(@Inject('handler') private readonly handler: Handler<Delivery<EmployeeChangedV1>[]>) {}

  @Consume('employees', { batch: true, contract: EmployeeChangedV1 })
  async handle(batch: Delivery<EmployeeChangedV1>[]): Promise<void> {
    await this.handler(batch);
  }
}

@Controller()
class RealmsController {
  constructor(@Inject('handler') private readonly handler: Handler<Delivery<RealmChangedV1>>) {}

  @Consume('realms', { contract: RealmChangedV1 })
  async handle(delivery: Delivery<RealmChangedV1>): Promise<void> {
    await this.handler(delivery);
  }
}

const start = async (
  controller: typeof EmployeesController | typeof RealmsController,
  handler: unknown,
  strategy: JetStreamServer,
): Promise<INestMicroservice> => {
  @Module({ controllers: [controller], providers: [{ provide: 'handler', useValue: handler }] })
  class TestModule {}
  const app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
  await app.listen();
  return app;
};

export interface TestConsumer {
  readonly server: JetStreamServer;
  close(): Promise<void>;
}

type Options = Partial<Omit<JetStreamServerOptions, 'connection'>>;

/** A worker of realm-policy's consumer of pool `shared`. */
export const consumeEmployees = async (
  connection: NatsConnection,
  handler: Handler<Delivery<EmployeeChangedV1>[]>,
  options: Options = {},
): Promise<TestConsumer> => {
  const bindings = { employees: [{ stream: STREAMS.employees, durable: durables.policyEmployees('shared') }] };
  const server = new JetStreamServer({ connection, bindings, logger: silent, clock, ...options });
  const app = await start(EmployeesController, handler, server);
  return { server, close: () => app.close() };
};

/** A worker of ingestion's consumer of realms. */
export const consumeRealms = async (
  connection: NatsConnection,
  handler: Handler<Delivery<RealmChangedV1>>,
  options: Options = {},
): Promise<TestConsumer> => {
  const bindings = { realms: [{ stream: STREAMS.realms, durable: durables.ingestionRealms }] };
  const server = new JetStreamServer({ connection, bindings, logger: silent, clock, ...options });
  const app = await start(RealmsController, handler, server);
  return { server, close: () => app.close() };
};
