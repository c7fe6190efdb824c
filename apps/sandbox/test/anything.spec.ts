import fc from 'fast-check';
import { ask, openSandbox, type OpenSandbox } from './harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox({ employees: 30, portals: 3 });
});

describe('anything at all', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const envelope = fc.constantFrom('User', 'GroupInvite', 'Invite', 'Group', 'GroupMembership');
  const key = fc.constantFrom(
    'email',
    'email_addresses',
    'password',
    'username',
    'CustomData',
    'group_id',
    'title',
    'account_expires',
    '__proto__',
  );
  const body = fc.oneof(
    fc.string(),
    json.map((value) => JSON.stringify(value)),
    fc.tuple(envelope, fc.dictionary(key, json)).map(([name, inner]) => JSON.stringify({ [name]: inner })),
  );
  const segment = fc.oneof(
    fc.constantFrom(
      'users',
      '0',
      '1',
      '991001',
      'search',
      'group_invites',
      'portal_invite',
      'groups',
      'group_memberships',
      'portals',
      'customuserdata',
    ),
    fc.constantFrom(
      'employees',
      'directory',
      'changed',
      'tables',
      'jobInfo',
      'all',
      'reports',
      'custom',
      'meta',
      'fields',
      '%',
      '..',
      '__proto__',
    ),
    fc.string({ maxLength: 8 }).map(encodeURIComponent),
  );
  const query = fc.oneof(
    fc.constant(''),
    fc.constantFrom(
      'page=-1',
      'page=x',
      'fields=%00,constructor',
      'since=1',
      'page[after]=e30',
      'format=%ff',
      'filter[ids]=a',
    ),
  );
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE');
  const path = fc.array(segment, { maxLength: 5 }).map((segments) => segments.join('/'));

  test('gets the vendor’s own kind of answer', async () => {
    await fc.assert(
      fc.asyncProperty(method, path, query, body, async (verb, where, asked, text) => {
        const withBody = verb !== 'GET' && { body: text };
        const type = { 'content-type': 'application/json' };
        const fromPortal = await box.portal('academy')(verb, `/${where}?${asked}`, verb === 'GET' ? undefined : text);
        const fromBamboo = await box.bamboo(`/v1/${where}?${asked}`, {
          method: verb,
          ...withBody,
          headers: verb === 'GET' ? {} : type,
        });
        const fromControl = await ask(`${box.sandbox.control}/${where}?${asked}`, { method: verb, ...withBody });
        return [fromPortal, fromBamboo, fromControl].every(({ status }) => status < 500);
      }),
      {
        numRuns: 400,
        examples: [
          ['POST', 'employees/changed', 'page=-1', ''],
          ['GET', '/employees', '', ''],
          ['GET', 'employees//', '', ''],
          ['DELETE', 'employees/1/', '', ''],
        ],
      },
    );
  }, 120_000);
});
