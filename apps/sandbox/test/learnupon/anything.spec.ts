import fc from 'fast-check';
import { learnUponRoutes } from '../../src/learnupon/routes.js';
import { ask, type Reply } from '../harness.js';
import { created, grouped, invited, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
  await realm.switchTo({ bulkOperations: 'on' });
  await created(realm.academy, 'ada@x.test');
  await invited(realm.academy, 'tom@x.test');
  await grouped(realm.academy, 'Sales');
});

const route = fc.constantFrom(...learnUponRoutes);
const id = fc.constantFrom(
  '0',
  '1',
  '-1',
  '5001',
  '70001',
  '991001',
  '991002',
  '1202',
  '1e9',
  '99999999999999999999',
  'x',
  '%00',
  '__proto__',
);
const ENVELOPES =
  'User GroupInvite Invite Group GroupMembership GroupManager GroupCourse Course Enrollment Portal Markcomplete GroupInviteCourseEnrollment'.split(
    ' ',
  );
const KEYS =
  'email username password new_email new_username first_name last_name language enabled user_type account_expires timezone_id CustomData email_addresses group_id user_id course_id course_name title description subdomain number_licenses_purchased portal_membership_type_id expires_at due_date status percentage date_completed enrollment_id items use_definition_ids __proto__ constructor toString'.split(
    ' ',
  );
const value = fc.oneof(
  fc.constantFrom<unknown>(
    'ada@x.test',
    'tom@x.test',
    5001,
    991002,
    '5001',
    70001,
    'true',
    false,
    null,
    '',
    '2026-02-30',
    'passed',
    1e308,
    -1,
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const inner = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 6 });
const body = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...ENVELOPES), inner).map(([name, it]) => JSON.stringify({ [name]: it })),
  },
  { weight: 2, arbitrary: inner.map((it) => JSON.stringify(it)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '[]', 'null', '{"User":[]}', '{"User":{"User":{}}}', '{"items":[null,1,{}]}'),
  },
);
/** An object may have a `toString` of its own that is no function. */
const textOf = (it: unknown): string => (typeof it === 'object' ? JSON.stringify(it) : String(it));
const query = fc
  .dictionary(
    fc.constantFrom(
      'page',
      'version_id',
      'email',
      'group_id',
      'user_id',
      'title',
      'login_enabled',
      'date_range',
      'action',
    ),
    value,
    { maxKeys: 3 },
  )
  .map((pairs) => new URLSearchParams(Object.entries(pairs).map(([key, each]) => [key, textOf(each)])).toString());

const STATUSES = [200, 400, 401, 403, 404, 422, 429];

/** Success as JSON (the report of a bulk job is CSV), and refusals in one of LearnUpon's two forms. */
const isLearnUpons = ({ status, json, text, headers }: Reply): boolean => {
  if (!STATUSES.includes(status) || headers['x-request-id'] === undefined || text.includes('    at ')) return false;
  if (status === 200) return json !== undefined || headers['content-type'] === 'text/csv';
  return json?.response_type === 'ERROR'
    ? json.response_code === status && typeof json.message === 'string'
    : typeof json?.error === 'string';
};

test('every route answers anything as LearnUpon would', async () => {
  await fc.assert(
    fc.asyncProperty(route, id, query, body, async (pattern, number, asked, sent) => {
      const [method = '', path = ''] = pattern.split(' ');
      // These would end the realm, or its keys, under the runs that follow.
      fc.pre(!/^DELETE \/portals|generate_keys/.test(pattern));
      const reply = await realm.academy(
        method,
        `${path.replace(':id', number)}?${asked}`,
        method === 'GET' ? undefined : sent,
      );
      expect([pattern, reply.status, reply.text.slice(0, 200), isLearnUpons(reply)]).toEqual([
        pattern,
        reply.status,
        expect.anything(),
        true,
      ]);
    }),
    { numRuns: Number(process.env['SANDBOX_FUZZ_RUNS'] ?? 1_000) },
  );
}, 240_000);

test('accept links and OAuth paths answer anything', async () => {
  const [{ url } = { url: '' }] = realm.sandbox.learnupon;
  const path = fc.constantFrom(
    'accept_invitation/0',
    'accept_invitation/00ff',
    'oauth/token',
    'oauth/authorize',
    'sqsso',
    '',
    'api/v1',
    'api/v2/users',
  );
  await fc.assert(
    fc.asyncProperty(path, query, fc.constantFrom('GET', 'POST'), body, async (where, asked, method, sent) => {
      const reply = await ask(`${url}/${where}?${asked}`, { method, ...(method === 'POST' && { body: sent }) });
      expect([where, reply.status < 500, reply.text.includes('    at ')]).toEqual([where, true, false]);
    }),
    { numRuns: 300 },
  );
}, 120_000);

test('no call has corrupted what others read', async () => {
  const total = async () => (await realm.academy('GET', '/users')).json.user.length as number;
  const before = await total();
  await fc.assert(
    fc.asyncProperty(inner, async (it) => {
      const { status, json } = await realm.academy('POST', '/users', { User: { ...it, email: 'ada@x.test' } });
      return status === 400 && json.response_type === 'ERROR';
    }),
    { numRuns: 200 },
  );
  expect(await total()).toBe(before);
}, 120_000);
