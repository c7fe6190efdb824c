import { definitionIn } from '../bamboohr/webhooks/definition.js';
import { deliveryOnWire, webhookOnWire } from '../bamboohr/webhooks/handlers.js';
import { isAnswer } from '../bamboohr/request.js';
import { jsonAnswer } from '../http/call.js';
import type { CompanyInformation } from '../world/company-information.js';
import type { Webhook } from '../world/webhooks.js';
import { BadRequest, onlyKeys, textIn, type ControlHandler } from './answers.js';

/** As an administrator makes one in BambooHR's settings: it is nobody's, sees everything, and shows its key. */
const addGlobal: ControlHandler = ({ world, body }) => {
  const definition = definitionIn(world, body, world.company.profile);
  if (isAnswer(definition)) throw new BadRequest(String(definition.body));
  const webhook = world.webhooks.add(definition, undefined);
  return jsonAnswer({ ...webhookOnWire(webhook), privateKey: webhook.privateKey }, 201);
};

const withOwner = (webhook: Webhook): object => ({
  ...webhookOnWire(webhook),
  owner: webhook.owner === undefined ? null : String(webhook.owner.id),
});

const deliveries: ControlHandler = ({ world: { webhooks } }) => {
  const log = webhooks.all().flatMap((webhook) => webhooks.logOf(webhook));
  const shown = log.map((delivery) => {
    const { id, attempts, dueAt, body } = delivery;
    const nextAttempt = dueAt === undefined ? null : Temporal.Instant.fromEpochMilliseconds(dueAt).toString();
    return { id: String(id), ...deliveryOnWire(delivery), attempts, nextAttempt, body };
  });
  return jsonAnswer({ pending: webhooks.pendingCount(), deliveries: shown });
};

const INFORMATION_KEYS = ['legalName', 'displayName', 'phone'] as const;

const changeInformation: ControlHandler = ({ world: { company }, body }) => {
  onlyKeys(body, INFORMATION_KEYS);
  const given = INFORMATION_KEYS.flatMap((key) => (textIn(body, key) === undefined ? [] : [[key, textIn(body, key)]]));
  company.card.change(Object.fromEntries(given) as Partial<CompanyInformation>);
  return jsonAnswer(company.card.information);
};

export const webhookRoutes: Readonly<Record<string, ControlHandler>> = {
  'GET /bamboohr/webhooks': ({ world }) => jsonAnswer({ webhooks: world.webhooks.all().map(withOwner) }),
  'POST /bamboohr/webhooks': addGlobal,
  'GET /bamboohr/deliveries': deliveries,
  'GET /bamboohr/company': ({ world }) => jsonAnswer(world.company.card.information),
  'POST /bamboohr/company': changeInformation,
};
