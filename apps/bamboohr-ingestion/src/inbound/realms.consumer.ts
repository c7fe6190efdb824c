import { Controller, Inject } from '@nestjs/common';
import { RealmChangedV1 } from '@portico/contracts';
import { Consume, type Delivery } from '@portico/messaging';
import { LOGGER, type Logger } from '@portico/service-kit';
import { StoreRealm } from '../store-realm.js';
import { ReadScheduler } from './read-scheduler.js';

@Controller()
export class RealmsConsumer {
  constructor(
    @Inject(StoreRealm) private readonly realms: StoreRealm,
    @Inject(ReadScheduler) private readonly scheduler: ReadScheduler,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Consume('realms', { contract: RealmChangedV1 })
  async handle({ data }: Delivery<RealmChangedV1>): Promise<void> {
    const { tenant, revision, active } = data;
    if (!(await this.realms.store(data))) return;
    this.logger.info({ tenant, revision, active }, 'realm stored');
    this.scheduler.nudge();
  }
}
