import type { Answer } from '../http/call.js';
import type { Realm } from '../world/realm.js';
import { RealmRefusal } from '../world/user-input.js';
import type { Portal } from '../world/portal.js';

const page = (status: number, title: string, content: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><title>${title}</title><h1>${title}</h1>${content}\n`,
});

/** The link of an invite: GET shows the page with its button, POST is the button. */
export const acceptPage = (realm: Realm, portal: Portal, method: string, token: string): Answer => {
  const invite = portal.invitesByToken.get(token);
  if (!invite) return page(404, 'Not found', '<p>This invite does not exist.</p>');
  if (method !== 'POST') {
    return page(
      200,
      'You are invited',
      `<p>Invite: ${invite.status}</p><form method="post"><button>Accept</button></form>`,
    );
  }
  try {
    realm.invites.accept(portal, token);
    return page(200, 'Welcome', '<p>Your account is ready.</p>');
  } catch (error) {
    if (!(error instanceof RealmRefusal)) throw error;
    return page(422, 'Invite not accepted', `<p>${error.message}</p>`);
  }
};
