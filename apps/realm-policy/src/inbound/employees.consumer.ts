import { Controller } from '@nestjs/common';
import { EmployeeChangedV1 } from '@portico/contracts';
import { Consume, type Delivery } from '@portico/messaging';
import { DecideEmployees } from '../decide-employees.js';

type EmployeeDelivery = Delivery<EmployeeChangedV1>;

/** `employee.changed`, a batch at a time. */
@Controller()
export class EmployeesConsumer {
  constructor(private readonly decideEmployees: DecideEmployees) {}

  /** Where a batch fails each message is tried by itself, so that one that can't be stored holds up no other. */
  @Consume('employees', { batch: true, contract: EmployeeChangedV1 })
  async handle(deliveries: EmployeeDelivery[]): Promise<void> {
    try {
      await this.decide(deliveries);
    } catch (error) {
      if (deliveries.length === 1) throw error;
      await this.decideEach(deliveries);
    }
  }

  private async decideEach(deliveries: EmployeeDelivery[]): Promise<void> {
    const failures: unknown[] = [];
    for (const delivery of deliveries) {
      await this.decide([delivery]).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  private async decide(deliveries: EmployeeDelivery[]): Promise<void> {
    const batch = deliveries.map(({ data, event }) => ({ employee: data, traceparent: event.traceparent }));
    const { strangers } = await this.decideEmployees.decide(batch);
    for (const delivery of deliveries) {
      const { tenant } = delivery.data;
      if (strangers.has(tenant)) delivery.term(`${tenant} has no realm here: apply its realm.yaml, then republish`);
      else delivery.ack();
    }
  }
}
