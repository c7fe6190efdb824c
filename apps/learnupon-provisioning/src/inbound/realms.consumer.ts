import { MikroORM } from '@mikro-orm/postgresql';
import { Controller, Inject } from '@nestjs/common';
import { RealmChangedV1 } from '@portico/contracts';
import { Consume, type Delivery } from '@portico/messaging';
import { LOGGER, type Logger } from '@portico/service-kit';
import { storeRealm } from '../store-realm.js';
import { LaneWorker } from './lane-worker.js';

@Controller()
export class RealmsConsumer {
  constructor(
    @Inject(MikroORM) private readonly orm: MikroORM,
    @Inject(LaneWorker) private readonly lanes: LaneWorker,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Consume('realms', { contract: RealmChangedV1 })
  async handle({ data }: Delivery<RealmChangedV1>): Promise<void> {
    const { tenant, revision, active } = data;
    if (!(await storeRealm(this.orm, data))) return;
    this.logger.info({ tenant, revision, active }, 'realm stored');
    this.lanes.nudge();
  }
}
