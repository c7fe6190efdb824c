import type { Answer, Call } from '../../http/call.js';
import type { OAuthClient } from '../../world/oauth.js';
import type { World } from '../../world/world.js';
import { escapeXml } from '../xml.js';
import { formOrJsonIn } from './form-body.js';
import { tokenAnswer } from './oauth-token.js';

const page = (status: number, title: string, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=UTF-8', 'cache-control': 'no-store' },
  body: `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>:root{color-scheme:light dark}body{font:16px system-ui;max-width:30rem;margin:4rem auto;padding:0 1rem}</style></head>
<body><h1>${title}</h1>${body}</body></html>`,
});

interface Request {
  readonly client: OAuthClient;
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string;
}

type Parameters = Pick<URLSearchParams, 'get'>;

/** What the client asks for, or a page that says what is wrong: an address that isn't registered is never called. */
const requestOf = ({ oauth }: World, parameters: Parameters): Request | Answer => {
  const client = oauth.client(parameters.get('client_id') ?? '');
  if (!client) return page(400, 'Unknown application', '<p>The client_id is not registered.</p>');
  const redirectUri = parameters.get('redirect_uri') ?? '';
  if (!client.redirectUris.includes(redirectUri))
    return page(400, 'Invalid redirect', '<p>The redirect_uri is not the one that was registered.</p>');
  const responseType = parameters.get('response_type');
  if (responseType !== 'code') return page(400, 'Invalid request', '<p>The response_type has to be code.</p>');
  return { client, redirectUri, scope: parameters.get('scope') ?? '', state: parameters.get('state') ?? '' };
};

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escapeXml(value)}">`;

const consentPage = ({ company }: World, { client, redirectUri, scope, state }: Request): Answer => {
  const users = company.users.all().filter(({ enabled }) => enabled);
  const options = users.map(
    ({ id, firstName, lastName }) => `<option value="${id}">${escapeXml(`${firstName} ${lastName}`)}</option>`,
  );
  const scopes = scope.split(/\s+/).map((name) => `<li><code>${escapeXml(name)}</code></li>`);
  return page(
    200,
    'Allow access?',
    `<form method="post" action=""><p>An application asks for:</p><ul>${scopes.join('')}</ul>
${hidden('client_id', client.clientId)}${hidden('redirect_uri', redirectUri)}${hidden('scope', scope)}
${hidden('state', state)}${hidden('response_type', 'code')}
<p><label>as <select name="user">${options.join('')}</select></label></p>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
  );
};

const redirect = (redirectUri: string, parameters: Record<string, string>): Answer => {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return { status: 302, headers: { location: target.toString() } };
};

const decide = (world: World, request: Request, parameters: Parameters): Answer => {
  const { client, redirectUri, scope, state } = request;
  const said = state === '' ? {} : { state };
  if (parameters.get('decision') !== 'allow') return redirect(redirectUri, { error: 'access_denied', ...said });
  const [first, ...others] = world.company.users.all();
  const user = [first, ...others].find((each) => String(each?.id) === parameters.get('user')) ?? first;
  if (!user?.enabled) return page(403, 'Not allowed', '<p>This user is disabled.</p>');
  const scopes = new Set(scope.split(/\s+/).filter((name) => name !== ''));
  const code = world.oauth.allow({ clientId: client.clientId, user, scopes }, redirectUri);
  return redirect(redirectUri, { code, ...said });
};

/** The pages of OAuth on the company's host; undefined for any other path. */
export const answerOAuth = (world: World, call: Call): Answer | undefined => {
  const { method, path, query } = call;
  if (path === '/token.php') return tokenAnswer(world, call);
  if (path !== '/authorize.php') return undefined;
  if (method !== 'GET' && method !== 'POST') return page(405, 'Method not allowed', '');
  const parameters: Parameters = method === 'GET' ? query : formOrJsonIn(call);
  const request = requestOf(world, parameters);
  if ('status' in request) return request;
  return method === 'GET' ? consentPage(world, request) : decide(world, request, parameters);
};
