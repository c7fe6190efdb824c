import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NatsConnection } from '@nats-io/transport-node';
import { SERVICES } from '@portico/contracts';
import { connectNats, natsHealthIndicator } from '@portico/messaging';
import { HEALTH_INDICATORS, ServiceModule, Shutdown } from '@portico/service-kit';
import { TokenFile } from './access/token-file.js';
import { AccessController } from './access.controller.js';
import { AdminConfig } from './config.js';
import { EventFeed } from './events/event-feed.js';
import { EventsController } from './events/events.controller.js';
import { HoldsController } from './holds.controller.js';
import { inputPipe } from './http/input.js';
import { ProblemFilter } from './http/problem.filter.js';
import { MeController } from './me.controller.js';
import { NATS } from './nats.js';
import { PolicyController } from './policy.controller.js';
import { RealmController } from './realm.controller.js';
import { Services } from './services.js';
import { TenantsController } from './tenants.controller.js';
import { WhatIfController } from './what-if.controller.js';

const connect = async (config: AdminConfig, shutdown: Shutdown): Promise<NatsConnection> => {
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  const connection = await connectNats({ url, user, password, name: SERVICES.admin });
  shutdown.close('nats', () => connection.drain());
  return connection;
};

const openTokens = async (config: AdminConfig): Promise<TokenFile> => {
  const tokens = new TokenFile(config.tokensFile);
  await tokens.load();
  return tokens;
};

@Module({})
export class AppModule {
  static with(config: AdminConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceModule.forRoot({ name: SERVICES.admin, config })],
      controllers: [
        MeController,
        RealmController,
        PolicyController,
        WhatIfController,
        AccessController,
        TenantsController,
        HoldsController,
        EventsController,
      ],
      providers: [
        { provide: NATS, inject: [AdminConfig, Shutdown], useFactory: connect },
        { provide: TokenFile, inject: [AdminConfig], useFactory: openTokens },
        { provide: EventFeed, inject: [NATS], useFactory: (nats: NatsConnection) => EventFeed.connect(nats) },
        {
          provide: HEALTH_INDICATORS,
          inject: [NATS],
          useFactory: (nats: NatsConnection) => [natsHealthIndicator(nats)],
        },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: inputPipe },
        Services,
      ],
    };
  }
}
