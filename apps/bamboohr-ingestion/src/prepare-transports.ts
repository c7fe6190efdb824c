import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SERVICES } from '@portico/contracts';
import { JetStreamServer, questionTransport } from '@portico/messaging';
import { CLOCK, LOGGER, Metrics, type Clock, type Logger } from '@portico/service-kit';
import { NATS } from './app.module.js';
import { IngestionConfig } from './config.js';
import { bindingsOf } from './needs.js';

/** Messages in: realms from JetStream, questions by request–reply. Nest starts them with the app. */
export const prepareTransports = (app: NestFastifyApplication): void => {
  const config = app.get(IngestionConfig);
  const server = new JetStreamServer({
    connection: app.get(NATS),
    bindings: bindingsOf(),
    logger: app.get<Logger>(LOGGER),
    clock: app.get<Clock>(CLOCK),
    metrics: app.get(Metrics),
  });
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  app.connectMicroservice({ strategy: server });
  app.connectMicroservice(questionTransport(SERVICES.ingestion, { url, user, password, name: SERVICES.ingestion }));
};
