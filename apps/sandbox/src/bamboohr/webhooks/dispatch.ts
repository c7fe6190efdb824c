import type { CompanyEvent } from '../../world/company.js';
import type { Delivery, Webhook, WebhookEvent } from '../../world/webhooks.js';
import type { World } from '../../world/world.js';
import { fieldNamed, isHidden, type Field } from '../fields.js';
import { takeSnapshot } from '../snapshot.js';
import { changedFields } from './changed-fields.js';
import { eventBody, fieldBody, fieldItem, type FieldItem } from './payloads.js';

/** A permissioned webhook stops with its creator; a global one is nobody's. */
const isAlive = ({ owner }: Webhook): boolean => owner === undefined || owner.enabled;

const seesEmployee = ({ owner }: Webhook, employeeId: number): boolean =>
  owner === undefined || !owner.profile.hiddenEmployees.has(employeeId);

const seesField = ({ owner }: Webhook, field: Field): boolean =>
  owner === undefined || !isHidden(field, owner.profile.hiddenFields);

/** Those of the changed fields that the webhook is told of; none is no event. */
const toldFields = (world: World, webhook: Webhook, changed: readonly Field[]): readonly Field[] => {
  const monitored = new Set((webhook.definition.monitorFields ?? []).map((name) => fieldNamed(name)?.alias));
  const watched = changed.filter(({ alias }) => monitored.has(alias));
  const seen = watched.filter((field) => seesField(webhook, field));
  return world.switches.webhookHiddenFields === 'drop-event' && seen.length < watched.length ? [] : seen;
};

/** The values to send, by the names that the creator gave them. */
const postedValues = (world: World, webhook: Webhook, { after }: CompanyEvent): Record<string, string> => {
  if (!after) return {};
  const snapshot = takeSnapshot(world.company, after.employee, after.day, world.switches);
  const entries = Object.entries(webhook.definition.postFields).flatMap(([name, posted]) => {
    const field = fieldNamed(name);
    return field && seesField(webhook, field) ? [[posted, String(field.read(snapshot) ?? '')]] : [];
  });
  return Object.fromEntries(entries) as Record<string, string>;
};

const postedName = ({ definition }: Webhook, { alias, id, name }: Field): string =>
  definition.postFields[alias] ?? definition.postFields[String(id)] ?? name;

const ACTIONS = { created: 'Created', updated: 'Updated', deleted: 'Deleted' } as const;

/** Items of field-based deliveries that have not left yet, so that one body takes what changes at once. */
const open = new WeakMap<Delivery, FieldItem[]>();

/** Makes the deliveries of what happens in the company. */
export class Dispatcher {
  private readonly last = new WeakMap<Webhook, Delivery>();

  constructor(private readonly world: World) {}

  /** An employee's record was made, changed or deleted. */
  employee(event: CompanyEvent): void {
    const webhooks = this.world.webhooks.all().filter(isAlive);
    if (webhooks.length === 0) return;
    const changed = changedFields(this.world, event);
    // Standard and custom fields come as two events.
    const parts = [
      changed.filter(({ group }) => group !== 'custom'),
      changed.filter(({ group }) => group === 'custom'),
    ];
    for (const webhook of webhooks) {
      if (event.kind !== 'updated') this.tell(webhook, event, event.kind, []);
      if (event.kind === 'deleted' || !seesEmployee(webhook, event.employeeId)) continue;
      for (const part of parts) {
        const told = toldFields(this.world, webhook, part);
        if (told.length > 0) this.tell(webhook, event, 'updated', told);
      }
    }
  }

  company(type: WebhookEvent): void {
    for (const webhook of this.world.webhooks.all().filter(isAlive)) {
      if (!webhook.definition.events.includes(type)) continue;
      this.world.webhooks.queue(webhook, [], eventBody(this.world, webhook.definition, type, {}));
    }
  }

  private tell(webhook: Webhook, event: CompanyEvent, kind: CompanyEvent['kind'], told: readonly Field[]): void {
    const { definition } = webhook;
    const employeeId = String(event.employeeId);
    if (definition.events.includes(`employee.${kind}`)) {
      const fields = kind === 'updated' ? { changedFields: told.map(({ alias }) => alias) } : {};
      const body = eventBody(this.world, definition, `employee.${kind}`, { employeeId, ...fields });
      this.world.webhooks.queue(webhook, [employeeId], body);
    }
    if (!definition.events.includes(`employee_with_fields.${kind}`)) return;
    const values = kind === 'updated' ? postedValues(this.world, webhook, event) : {};
    const names = told.map((field) => postedName(webhook, field));
    this.queueItem(webhook, fieldItem(this.world, employeeId, ACTIONS[kind], names, values));
  }

  private queueItem(webhook: Webhook, item: FieldItem): void {
    const last = this.last.get(webhook);
    const items = last && !last.isUnderWay && last.attempts === 0 ? open.get(last) : undefined;
    if (last && items && items.length < this.world.switches.webhookBatch) {
      items.push(item);
      last.employeeIds.push(item.id);
      last.body = fieldBody(webhook.definition, items);
      return;
    }
    const delivery = this.world.webhooks.queue(webhook, [item.id], fieldBody(webhook.definition, [item]));
    open.set(delivery, [item]);
    this.last.set(webhook, delivery);
  }
}
