import { jsonAnswer, type Answer } from '../../http/call.js';
import type { PermissionProfile } from '../../world/api-users.js';
import { FIELD_EVENTS, WEBHOOK_EVENTS, type WebhookDefinition, type WebhookEvent } from '../../world/webhooks.js';
import type { World } from '../../world/world.js';
import { fieldNamed, isHidden, MONITORED } from '../fields.js';
import { isObject, type JsonObject } from '../request.js';

const invalid = (issues: readonly string[]): Answer =>
  jsonAnswer({ errors: [{ error: 'Invalid request body', issues }] }, 400);

const isUpdate = (event: WebhookEvent): boolean => event.endsWith('.updated') && event.startsWith('employee');

const isText = (value: unknown): value is string => typeof value === 'string';

const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

const urlIssues = (url: unknown, { switches }: World): string[] => {
  const schemes = switches.webhookPlainHttp ? /^https?:\/\//i : /^https:\/\//i;
  if (isText(url) && schemes.test(url) && URL.canParse(url)) return [];
  return ['url must begin with https://'];
};

const eventIssues = (events: unknown): string[] => {
  if (!isTextList(events)) return ['events must be a list'];
  const unknown = events.filter((event) => !(WEBHOOK_EVENTS as readonly string[]).includes(event));
  const older = events.filter((event) => event.startsWith('employee_with_fields.')).length;
  const newer = events.filter((event) => event.startsWith('employee.')).length;
  const mixed = older > 0 && newer > 0 ? ['employee_with_fields events cannot be mixed with employee events'] : [];
  return [...unknown.map((event) => `unknown event ${event}`), ...mixed];
};

const monitorIssues = (monitorFields: unknown, events: readonly WebhookEvent[]): string[] => {
  if (monitorFields !== undefined && monitorFields !== null && !isTextList(monitorFields))
    return ['monitorFields must be a list of field IDs or aliases'];
  const names = monitorFields ?? [];
  if (names.length === 0 && events.some(isUpdate)) return ['monitorFields is required'];
  const unwatched = names.filter((name) => ['terminationDate', '-38'].includes(name));
  return unwatched.map((name) => `${name} cannot be monitored`);
};

const postIssues = (postFields: unknown): string[] => {
  if (postFields === undefined || postFields === null) return [];
  // An empty map may arrive as a list.
  if (Array.isArray(postFields) && postFields.length === 0) return [];
  if (!isObject(postFields) || !Object.values(postFields).every(isText))
    return ['postFields must map field IDs or aliases to names'];
  const names = Object.values(postFields);
  return new Set(names).size < names.length ? ['postFields must have distinct names'] : [];
};

const wanted = (body: JsonObject, key: string): string[] =>
  isText(body[key]) && body[key].trim() !== '' ? [] : [`${key} is required`];

/** `[{id, name}]` of those whom the user may not see, and of those that are no fields. */
const fieldFaults = (names: readonly string[], { hiddenFields }: PermissionProfile, watched: boolean) => {
  const hidden: object[] = [];
  const unknown: object[] = [];
  for (const name of names) {
    const field = fieldNamed(name);
    if (!field || (watched && !MONITORED.some(({ alias }) => alias === field.alias || alias === field.same)))
      unknown.push({ id: null, name });
    else if (isHidden(field, hiddenFields)) hidden.push({ id: field.id ?? field.alias, name: field.name });
  }
  return { hidden, unknown };
};

/** Fields that the user may not see or that are none: as the answers list them; undefined when all are fine. */
export const fieldErrors = (definition: WebhookDefinition, profile: PermissionProfile): object | undefined => {
  const monitor = fieldFaults(definition.monitorFields ?? [], profile, true);
  const post = fieldFaults(Object.keys(definition.postFields), profile, false);
  const unknown = [...monitor.unknown, ...post.unknown];
  if (monitor.hidden.length + post.hidden.length + unknown.length === 0) return undefined;
  return {
    error: 'Permission denied to the following fields',
    ...(monitor.hidden.length > 0 && { monitorFields: monitor.hidden }),
    ...(post.hidden.length > 0 && { postFields: post.hidden }),
    ...(unknown.length > 0 && { unknownFields: unknown }),
  };
};

const formatOf = (value: unknown): WebhookDefinition['format'] | undefined =>
  value === 'json' || value === 'form-encoded' ? value : undefined;

/** What the body asks for, or the answer that says everything that is wrong with it. */
export const definitionIn = (world: World, value: unknown, profile: PermissionProfile): WebhookDefinition | Answer => {
  if (!isObject(value)) return invalid(['the body must be a JSON object']);
  const given = value['events'];
  // Without events, and with none, it is of the older kind.
  const isSilent = given === undefined || given === null || (Array.isArray(given) && given.length === 0);
  const events = isSilent ? [...FIELD_EVENTS] : given;
  const format = formatOf(value['format']);
  const { monitorFields, postFields, url } = value;
  const issues = [
    ...wanted(value, 'name'),
    ...urlIssues(url, world),
    ...(format ? [] : ['format must be json or form-encoded']),
    ...eventIssues(events),
  ].concat(postIssues(postFields), isTextList(events) ? monitorIssues(monitorFields, events as WebhookEvent[]) : []);
  if (issues.length > 0 || !format) return invalid(issues);
  const names = monitorFields as readonly string[] | null | undefined;
  const definition: WebhookDefinition = {
    name: value['name'] as string,
    url: url as string,
    format,
    monitorFields: names && names.length > 0 ? names : null,
    postFields: isObject(postFields) ? (postFields as Record<string, string>) : {},
    includeCompanyDomain: value['includeCompanyDomain'] === true,
    events: events as WebhookEvent[],
  };
  const errors = fieldErrors(definition, profile);
  return errors ? jsonAnswer({ errors: [errors] }, 403) : definition;
};
