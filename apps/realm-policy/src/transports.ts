import type { NatsConnection } from '@nats-io/transport-node';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SERVICES } from '@portico/contracts';
import { JetStreamServer, questionTransport } from '@portico/messaging';
import { CLOCK, LOGGER, Metrics, type Clock, type Logger } from '@portico/service-kit';
import { NATS } from './app.module.js';
import { PolicyConfig } from './config.js';
import { bindingsOf } from './needs.js';

/** Connects the app to its stream, once per pool that it serves, and to the questions. */
export const connectTransports = (app: NestFastifyApplication): void => {
  const config = app.get(PolicyConfig);
  const strategy = new JetStreamServer({
    connection: app.get<NatsConnection>(NATS),
    bindings: bindingsOf(config.pools),
    logger: app.get<Logger>(LOGGER),
    clock: app.get<Clock>(CLOCK),
    metrics: app.get(Metrics),
  });
  app.connectMicroservice({ strategy });
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  app.connectMicroservice(questionTransport(SERVICES.policy, { url, user, password, name: SERVICES.policy }));
};
