import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { durables, SERVICES, STREAMS } from '@portico/contracts';
import { JetStreamServer, questionTransport } from '@portico/messaging';
import { CLOCK, LOGGER, Metrics, type Clock, type Logger } from '@portico/service-kit';
import { NATS } from './app.module.js';
import { IngestionConfig } from './config.js';

/** Messages in: realms from JetStream, questions by request–reply. Nest starts them with the app. */
export const prepareTransports = (app: NestFastifyApplication): void => {
  const config = app.get(IngestionConfig);
  const server = new JetStreamServer({
    connection: app.get(NATS),
    bindings: { realms: [{ stream: STREAMS.realms, durable: durables.ingestionRealms }] },
    logger: app.get<Logger>(LOGGER),
    clock: app.get<Clock>(CLOCK),
    metrics: app.get(Metrics),
  });
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  app.connectMicroservice({ strategy: server });
  app.connectMicroservice(questionTransport(SERVICES.ingestion, { url, user, password, name: SERVICES.ingestion }));
};
