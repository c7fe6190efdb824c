import { jsonAnswer, type Answer, type Call } from '../http/call.js';

const PLAIN = {
  'content-type': 'text/html; charset=UTF-8',
  'cache-control': 'no-cache, private',
  vary: 'Authorization,User-Agent',
};

/** BambooHR's errors have no body: the message is in a header, once spelt right and once with three s. */
export const emptyError = (status: number, message: string): Answer => ({
  status,
  headers: { ...PLAIN, 'x-bamboohr-error-message': message, 'x-bamboohr-error-messsage': message },
});

/** As recorded: only the header that is spelt right. */
export const unauthorised = (company: string): Answer => ({
  status: 401,
  headers: {
    ...PLAIN,
    'x-bamboohr-error-message': 'API key not provided or invalid',
    'www-authenticate': `Basic realm="https://api.bamboohr.com/${company}"`,
  },
});

/** The newer endpoints, which speak JSON alone. */
export const codedError = (code: 'BadRequest' | 'BadPage', message: string): Answer =>
  jsonAnswer({ error: { code, message } }, 400);

export const json = (body: string | Iterable<string>): Answer => ({
  status: 200,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    vary: 'Authorization,User-Agent',
  },
  body,
});

export const xml = (body: string | Iterable<string>): Answer => ({
  status: 200,
  headers: {
    'content-type': 'text/xml; charset=UTF-8',
    'cache-control': 'no-cache, private',
    vary: 'Authorization,User-Agent',
  },
  body,
});

/** XML is the default: JSON has to be asked for. */
export const wantsJson = ({ headers, query }: Call): boolean =>
  (headers.accept ?? '').includes('application/json') || query.get('format')?.toLowerCase() === 'json';
