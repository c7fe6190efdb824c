import { jsonAnswer, type Answer } from '../../http/call.js';
import type { Delivery, Webhook } from '../../world/webhooks.js';
import { plainText } from '../answers.js';
import { listedFields, MONITORED, isHidden, type Field } from '../fields.js';
import { CATALOGUE } from '../field-catalogue.js';
import { TABLES } from '../employees/table-definitions.js';
import { isAnswer, parseJson, type BambooCall, type BambooHandler } from '../request.js';
import { definitionIn, fieldErrors } from './definition.js';

/** `2026-05-29 14:21:14`, in UTC. */
const dateTime = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ');

const summary = ({ id, definition, createdAt, lastSentAt }: Webhook) => ({
  id: String(id),
  name: definition.name,
  created: dateTime(createdAt),
  lastSent: lastSentAt === null ? null : dateTime(lastSentAt),
  url: definition.url,
});

export const webhookOnWire = (webhook: Webhook): object => {
  const { url, ...head } = summary(webhook);
  const { events, monitorFields, postFields, format, includeCompanyDomain } = webhook.definition;
  const errors = webhook.owner && fieldErrors(webhook.definition, webhook.owner.profile);
  const config = { events, monitorFields, postFields, url, format, includeCompanyDomain };
  return { ...head, ...config, ...(errors && { errors: [errors] }) };
};

/** The webhook in the path if it is the caller's, or the answer that refuses it: in one case `errors` is no list. */
const webhookInPath = ({ world, params, user }: BambooCall): Webhook | Answer => {
  const text = params['id'] ?? '';
  const webhook = /^\d{1,15}$/.test(text) ? world.webhooks.find(Number(text)) : undefined;
  if (!webhook) return jsonAnswer({ errors: [{ error: `No webhook was found with ID: ${text}.` }] }, 404);
  if (webhook.owner === user) return webhook;
  return jsonAnswer({ errors: { error: `You do not have access to webhook ID: ${text}` } }, 403);
};

/** POST /webhooks: the private key is in this answer alone. */
export const createWebhook: BambooHandler = (call) => {
  const { world, user } = call;
  const definition = definitionIn(world, parseJson(call), user.profile);
  if (isAnswer(definition)) return definition;
  const webhook = world.webhooks.add(definition, user);
  return jsonAnswer({ ...webhookOnWire(webhook), privateKey: webhook.privateKey }, 201);
};

export const listWebhooks: BambooHandler = ({ world, user }) => {
  const own = world.webhooks.all().filter(({ owner }) => owner === user);
  return jsonAnswer({ webhooks: own.map(summary) });
};

export const getWebhook: BambooHandler = (call) => {
  const webhook = webhookInPath(call);
  return isAnswer(webhook) ? webhook : jsonAnswer(webhookOnWire(webhook));
};

/** PUT /webhooks/{id}: replaces all of it but the key. */
export const updateWebhook: BambooHandler = (call) => {
  const webhook = webhookInPath(call);
  if (isAnswer(webhook)) return webhook;
  const definition = definitionIn(call.world, parseJson(call), call.user.profile);
  if (isAnswer(definition)) return definition;
  webhook.definition = definition;
  return jsonAnswer(webhookOnWire(webhook));
};

export const deleteWebhook: BambooHandler = (call) => {
  const webhook = webhookInPath(call);
  if (isAnswer(webhook)) return webhook;
  call.world.webhooks.remove(webhook);
  return plainText(200, 'Web hook has been deleted.');
};

export const deliveryOnWire = ({ webhook, attemptedAt, succeededAt, status, employeeIds }: Delivery) => ({
  webhookId: String(webhook.id),
  url: webhook.definition.url,
  lastAttempted: attemptedAt === null ? 'Webhook Not Found' : dateTime(attemptedAt),
  lastSuccess: succeededAt === null ? 'Webhook Not Found' : dateTime(succeededAt),
  statusCode: String(status),
  format: webhook.definition.format,
  employeeIds,
});

const TOO_MANY = { error: { code: 429, message: 'Over rate limit, please try again in 60 seconds' } };

/** GET /webhooks/{id}/log. Above the limit it answers 200 with an error in the body. */
export const webhookLog: BambooHandler = (call) => {
  const { world, user } = call;
  const webhook = webhookInPath(call);
  if (isAnswer(webhook)) return webhook;
  const wait = world.bambooCalls.take(`webhook log ${user.id}`, world.switches.webhookLogPerMinute);
  return jsonAnswer(wait > 0 ? TOO_MANY : world.webhooks.logOf(webhook).map(deliveryOnWire));
};

/** GET /webhooks/monitor_fields */
export const monitorFields: BambooHandler = ({ hidden }) => {
  const fields = MONITORED.filter((field) => !isHidden(field, hidden));
  const shown = fields.map(({ id, name, alias, unaliased }) => ({
    id: String(id),
    name,
    alias: unaliased ? null : alias,
  }));
  return jsonAnswer({ fields: shown });
};

const PAGES = [
  { id: 1, name: 'Personal' },
  { id: 2, name: 'Job' },
  { id: 3, name: 'Custom' },
];

const pageOf = ({ group }: Field): number => (group === 'job' ? 2 : group === 'custom' ? 3 : 1);

/** GET /webhooks/post-fields: calculated fields too, by numbers below zero on a page that is none. */
export const postFields: BambooHandler = ({ hidden }) => {
  const listed = listedFields(hidden).filter(({ id, deprecated }) => typeof id === 'number' && !deprecated);
  const calculated = CATALOGUE.filter((field) => field.id === undefined && !isHidden(field, hidden));
  const tables = TABLES.map(({ id, name }) => ({ id, name }));
  const tableId = ({ table }: Field): number | null => TABLES.find(({ alias }) => alias === table)?.id ?? null;
  const fields = [
    ...listed.map((field) => ({ field, id: field.id as number, pageId: pageOf(field) })),
    ...calculated.map((field, index) => ({ field, id: -101 - index, pageId: -1 })),
  ].map(({ field, id, pageId }) => {
    const { alias, unaliased, name, type } = field;
    return { alias: unaliased ? null : alias, name, type, id, pageId, tableId: tableId(field) };
  });
  return jsonAnswer({ fields, tables, pages: PAGES });
};
