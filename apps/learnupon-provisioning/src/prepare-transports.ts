import type { NatsConnection } from '@nats-io/transport-node';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SERVICES } from '@portico/contracts';
import { JetStreamServer, questionTransport } from '@portico/messaging';
import { CLOCK, LOGGER, Metrics, type Clock, type Logger } from '@portico/service-kit';
import { NATS } from './app.module.js';
import { ProvisioningConfig } from './config.js';
import { bindingsOf } from './needs.js';

/** Messages in: realms, and decisions once per pool that is served; questions by request–reply. Nest starts them with the app. */
export const prepareTransports = (app: NestFastifyApplication): void => {
  const config = app.get(ProvisioningConfig);
  const strategy = new JetStreamServer({
    connection: app.get<NatsConnection>(NATS),
    bindings: bindingsOf(config.pools),
    logger: app.get<Logger>(LOGGER),
    clock: app.get<Clock>(CLOCK),
    metrics: app.get(Metrics),
  });
  app.connectMicroservice({ strategy });
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  app.connectMicroservice(
    questionTransport(SERVICES.provisioning, { url, user, password, name: SERVICES.provisioning }),
  );
};
