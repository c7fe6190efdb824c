import { MikroORM } from '@mikro-orm/postgresql';
import { Controller, Inject } from '@nestjs/common';
import { AccessDecidedV1 } from '@portico/contracts';
import { Consume, type Delivery } from '@portico/messaging';
import { recordAccess } from '../record-access.js';
import { LaneWorker } from './lane-worker.js';

type AccessDelivery = Delivery<AccessDecidedV1>;

/** `access.decided`, a batch at a time. */
@Controller()
export class AccessConsumer {
  constructor(
    @Inject(MikroORM) private readonly orm: MikroORM,
    @Inject(LaneWorker) private readonly lanes: LaneWorker,
  ) {}

  /** Where a batch fails each message is tried by itself, so that one that can't be stored holds up no other. */
  @Consume('access', { batch: true, contract: AccessDecidedV1 })
  async handle(deliveries: AccessDelivery[]): Promise<void> {
    try {
      await this.record(deliveries);
    } catch (error) {
      if (deliveries.length === 1) throw error;
      await this.recordEach(deliveries);
    }
  }

  private async recordEach(deliveries: AccessDelivery[]): Promise<void> {
    const failures: unknown[] = [];
    for (const delivery of deliveries) {
      await this.record([delivery]).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  private async record(deliveries: AccessDelivery[]): Promise<void> {
    const decisions = deliveries.map(({ data, event }) => ({ access: data, traceparent: event.traceparent }));
    const hasWork = await recordAccess(this.orm, decisions);
    for (const delivery of deliveries) delivery.ack();
    if (hasWork) this.lanes.nudge();
  }
}
