import { about, answerOf, bodyOf, count, flag, listOf, oneOf, text, type Operations, type Schema } from './schema.js';

const profile = {
  hiddenFields: about(listOf(text), 'aliases of fields that are left out'),
  hiddenEmployees: about(listOf(text), 'ids of employees that are left out'),
  hiddenTables: listOf(text),
  directory: oneOf('shared', 'org-chart', 'off'),
  deniedScopes: about(listOf(text), 'resources that the key may not call at all'),
  readOnly: flag,
};

const rights = { ...profile, afterCalls: about(count, 'the change comes after so many more calls') };

const account: Schema = answerOf(
  {
    id: text,
    firstName: text,
    lastName: text,
    email: text,
    apiKey: text,
    employeeId: about(text, '0 where the user is no employee'),
    enabled: flag,
    ...profile,
    changesAfterCalls: count,
  },
  ['changesAfterCalls'],
);

const who = { employeeId: text, enabled: flag };
const client = answerOf({ clientId: text, clientSecret: text, redirectUris: listOf(text) });

export const keyOperations: Operations = {
  'GET /profile': { summary: 'What the first API key may see', answer: answerOf(profile) },
  'POST /profile': {
    summary: 'Changes what the first API key may see',
    body: bodyOf(rights),
    example: { hiddenFields: ['homeEmail'] },
    answer: answerOf(profile),
  },
  'GET /bamboohr/keys': { summary: 'BambooHR users with their keys', answer: answerOf({ keys: listOf(account) }) },
  'POST /bamboohr/keys': {
    summary: 'A BambooHR user with a key of their own',
    body: bodyOf({ firstName: text, lastName: text, email: text, ...who, ...rights }),
    example: { readOnly: true },
    status: 201,
    answer: account,
  },
  'POST /bamboohr/keys/:id': {
    summary: 'Changes the rights of a key, or disables it',
    body: bodyOf({ ...who, ...rights }),
    example: { directory: 'off' },
    answer: account,
  },
  'GET /bamboohr/clients': {
    summary: 'OAuth 2 clients of the company',
    answer: answerOf({ clients: listOf(client) }),
  },
  'POST /bamboohr/clients': {
    summary: 'Registers an OAuth 2 client',
    body: bodyOf({ redirectUris: listOf(text) }, ['redirectUris']),
    example: { redirectUris: ['https://app.example/callback'] },
    status: 201,
    answer: client,
  },
  'POST /bamboohr/codes': {
    summary: 'What a user’s "Allow" would give, without the page',
    body: bodyOf({ clientId: text, redirectUri: text, scope: text, user: text }, ['clientId']),
    status: 201,
    answer: answerOf({ code: text }),
  },
};
