import type { Answer } from '../http/call.js';
import type { Portal } from '../world/portal.js';
import type { Realm } from '../world/realm.js';
import type { Invite } from '../world/records.js';
import { RealmRefusal } from '../world/user-input.js';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

const page = (status: number, title: string, content: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body:
    `<!doctype html><html lang="en"><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width"><style>:root{color-scheme:light dark;font-family:sans-serif}</style>` +
    `<title>${title}</title><h1>${title}</h1>${content}\n`,
});

const FORM =
  '<form method="post"><button>Accept</button> <button name="decision" value="reject">Decline</button></form>';

const question = ({ portal, status }: Invite): Answer =>
  page(200, 'You are invited', `<p>${escape(portal.title)}. Invite: ${status}</p>${status === 'sent' ? FORM : ''}`);

const decide = (realm: Realm, portal: Portal, token: string, rejects: boolean): Answer => {
  if (rejects) {
    realm.invites.reject(portal, token);
    return page(200, 'Invite declined', '<p>No account was made.</p>');
  }
  realm.invites.accept(portal, token);
  return page(200, 'Welcome', '<p>Your account is ready.</p>');
};

/** The link of an invite: GET shows the page with its buttons, POST is a button. */
export const acceptPage = (realm: Realm, portal: Portal, method: string, token: string, body: string): Answer => {
  const invite = portal.invitesByToken.get(token);
  if (!invite) return page(404, 'Not found', '<p>This invite does not exist.</p>');
  if (method !== 'POST') return question(invite);
  try {
    return decide(realm, portal, token, new URLSearchParams(body).get('decision') === 'reject');
  } catch (error) {
    if (!(error instanceof RealmRefusal)) throw error;
    return page(422, 'Invite not accepted', `<p>${escape(error.message)}</p>`);
  }
};
