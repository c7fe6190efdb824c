import type { NatsConnection } from '@nats-io/transport-node';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { durables, SERVICES, STREAMS } from '@portico/contracts';
import { JetStreamServer, questionTransport } from '@portico/messaging';
import { CLOCK, LOGGER, Metrics, type Clock, type Logger } from '@portico/service-kit';
import { NATS } from './app.module.js';
import { PolicyConfig } from './config.js';

/** Connects the app to its stream, once per pool that it serves, and to the questions. */
export const connectTransports = (app: NestFastifyApplication): void => {
  const config = app.get(PolicyConfig);
  const strategy = new JetStreamServer({
    connection: app.get<NatsConnection>(NATS),
    bindings: {
      employees: config.pools.map((pool) => ({ stream: STREAMS.employees, durable: durables.policyEmployees(pool) })),
    },
    logger: app.get<Logger>(LOGGER),
    clock: app.get<Clock>(CLOCK),
    metrics: app.get(Metrics),
  });
  app.connectMicroservice({ strategy });
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  app.connectMicroservice(questionTransport(SERVICES.policy, { url, user, password, name: SERVICES.policy }));
};
