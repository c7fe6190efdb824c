import {
  about,
  answerOf,
  bodyOf,
  count,
  flag,
  listOf,
  mapOf,
  oneOf,
  text,
  textOrNull,
  type Operations,
} from './schema.js';

const definition = {
  name: text,
  url: text,
  format: oneOf('json', 'form-encoded'),
  events: listOf(text),
  monitorFields: { type: ['array', 'null'], items: text },
  postFields: about(mapOf(text), 'what each field is called in the body'),
  includeCompanyDomain: flag,
};

const webhook = { id: text, created: text, lastSent: textOrNull, ...definition };
const errors = about(listOf({ type: 'object' }), 'fields that the owner may not see any more');

const delivery = answerOf({
  id: text,
  webhookId: text,
  url: text,
  lastAttempted: text,
  lastSuccess: text,
  statusCode: about(text, '0 where the receiver could not be reached'),
  format: text,
  employeeIds: listOf(text),
  attempts: count,
  nextAttempt: textOrNull,
  body: text,
});

const address = answerOf({ line1: text, line2: text, city: text, state: text, zip: text });
const names = { legalName: text, displayName: text, phone: text };

export const webhookOperations: Operations = {
  'GET /bamboohr/webhooks': {
    summary: 'Everybody’s webhooks',
    answer: answerOf({
      webhooks: listOf(answerOf({ ...webhook, owner: about(textOrNull, 'null for a global one'), errors }, ['errors'])),
    }),
  },
  'POST /bamboohr/webhooks': {
    summary: 'A global webhook, as an administrator makes one in BambooHR’s settings',
    body: bodyOf(definition, ['name', 'url', 'format']),
    example: { name: 'All', url: 'https://app.example/hook', format: 'json', events: ['employee.created'] },
    status: 201,
    answer: answerOf({ ...webhook, privateKey: text }),
  },
  'GET /bamboohr/deliveries': {
    summary: 'What was sent to webhooks, and what is still to be sent',
    answer: answerOf({ pending: count, deliveries: listOf(delivery) }),
  },
  'GET /bamboohr/company': {
    summary: 'What the company says of itself',
    answer: answerOf({ ...names, address }),
  },
  'POST /bamboohr/company': {
    summary: 'Changes what the company says of itself: a company.updated event',
    body: bodyOf(names),
    example: { displayName: 'Acme & Sons' },
    answer: answerOf({ ...names, address }),
  },
};
