import { CUSTOM_TYPES } from '../../world/custom-data.js';
import { USER_TYPES } from '../../world/records.js';
import { person } from './people.js';
import {
  about,
  answerOf,
  anything,
  bodyOf,
  count,
  countOrNull,
  dayOrNull,
  flag,
  listOf,
  mapOf,
  moment,
  oneOf,
  text,
  textOrNull,
  type Operations,
  type Schema,
} from './schema.js';

const userType = oneOf(...USER_TYPES);
const names = { email: textOrNull, username: textOrNull, firstName: textOrNull, lastName: textOrNull };
const customData = about(mapOf(anything), 'custom user data by label');

export const account: Schema = answerOf({
  id: count,
  portal: text,
  ...names,
  language: text,
  enabled: flag,
  userType,
  accountExpires: dayOrNull,
  customData: mapOf(text),
  origin: about(oneOf('create', 'invite', 'hand'), 'how the account came about'),
  createdAt: moment,
});

export const invite: Schema = answerOf({
  id: count,
  portal: text,
  kind: about(oneOf('group', 'portal'), 'which call made it'),
  ...names,
  status: oneOf('sent', 'accepted', 'rejected', 'canceled'),
  remindersSent: count,
  createdAt: moment,
});

const mail: Schema = answerOf({
  kind: oneOf('invite', 'account', 'summary'),
  to: text,
  portal: text,
  subject: text,
  acceptUrl: about(textOrNull, 'of an invite: where the learner accepts it'),
  inviteId: countOrNull,
  status: about(textOrNull, 'of an invite, by now'),
  sentAt: moment,
});

const limits = { licences: countOrNull, ratePerMinute: countOrNull, ratePerWeek: countOrNull };
const customType = oneOf(...Object.keys(CUSTOM_TYPES));
const portalAnswer = answerOf({
  portal: text,
  title: text,
  topLevel: flag,
  identifier: oneOf('email', 'username'),
  sso: flag,
  customFields: listOf(answerOf({ id: count, label: text, type: customType, choices: listOf(text) })),
  accounts: count,
  openInvites: count,
  licencesUsed: count,
  ...limits,
});
const portal = about(text, 'the name of a portal');
const customField = bodyOf({ label: text, type: customType, choices: listOf(text) }, ['label']);

export const realmOperations: Operations = {
  'GET /overview': {
    summary: 'People, with their accounts and open invites in each portal; and accounts of nobody in the company',
    query: { q: about(text, 'a part of the name or e-mail address'), offset: count, limit: count },
    answer: answerOf({
      total: count,
      portals: listOf(portalAnswer),
      people: listOf(answerOf({ person, accounts: listOf(account), invites: listOf(invite) })),
      strangers: about(listOf(account), 'at most 50, and in a realm of up to 20,000 accounts only'),
    }),
  },
  'GET /accounts': {
    summary: 'Accounts and invites of all portals',
    query: { portal, email: text, limit: about(count, 'of each; by default all') },
    answer: answerOf({ accounts: listOf(account), invites: listOf(invite) }),
  },
  'POST /accounts': {
    summary: 'An account that an admin made: the realm’s switch is not asked',
    body: bodyOf({
      portal: about(portal, 'by default the top-level portal'),
      ...names,
      userType,
      enabled: flag,
      customData,
    }),
    example: { email: 'by.hand@acme.example', firstName: 'By', lastName: 'Hand' },
    status: 201,
    answer: account,
  },
  'POST /accounts/:portal/:id': {
    summary: 'What an admin or the learner changes in the portal’s own pages',
    body: bodyOf({ ...names, userType, enabled: flag, accountExpires: dayOrNull, customData }),
    example: { lastName: 'Changed by hand' },
    answer: account,
  },
  'DELETE /accounts/:portal/:id': { summary: 'An admin deletes an account', answer: answerOf({ deleted: count }) },
  'GET /mailbox': {
    summary: 'The mails that the portals sent, the newest first',
    query: { to: text, portal, limit: count },
    answer: answerOf({ mails: listOf(mail) }),
  },
  'POST /mailbox/:inviteId/accept': { summary: 'The learner accepts', answer: account },
  'POST /mailbox/:inviteId/reject': { summary: 'The learner declines', answer: invite },
  'POST /mailbox/:inviteId/remind': { summary: 'An admin sends the invite once more', answer: invite },
  'GET /portals': {
    summary: 'The portals of the realm',
    answer: answerOf({ portals: listOf(portalAnswer) }),
  },
  'POST /portals/:portal': {
    summary: 'Changes what LearnUpon’s staff or the portal’s settings do, such as licences and rates; null is no limit',
    body: bodyOf({
      identifier: about(oneOf('email', 'username'), 'chosen before the portal has users'),
      sso: flag,
      customFields: about(listOf(customField), 'custom user data from now on; a label that was there keeps its id'),
      ...limits,
    }),
    example: { licences: 500, customFields: [{ label: 'Level', type: 'integer-choice', choices: ['1', '2'] }] },
    answer: portalAnswer,
  },
  'POST /portals/:portal/keys': {
    summary: 'A new pair of API keys, as from the portal’s settings: the old pair is dead',
    answer: answerOf({ portal: text, username: text, password: text }),
  },
  'POST /portals/:portal/apps': {
    summary: 'Registers an OAuth 2 application of a portal',
    body: bodyOf({ redirectUri: text }, ['redirectUri']),
    example: { redirectUri: 'https://app.example/callback' },
    status: 201,
    answer: answerOf({ clientId: text, clientSecret: text, redirectUri: text }),
  },
};
