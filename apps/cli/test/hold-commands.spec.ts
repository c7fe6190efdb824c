import type { HeldView, HoldView } from '@portico/contracts';
import type { Held } from '../src/answers.js';
import { problem, type Routes } from './fake-api.js';
import { withApi } from './with-api.js';

const read = 'read-3f5f6c1e-3a52-4f0e-9a5e-2f3f1c1d7a10';
const digest = `sha256:${'0a'.repeat(32)}`;
const since = '2026-01-12T10:00:00Z';
const hold = (change: Partial<HoldView> & { id?: string } = {}): HoldView => {
  const { id = read, ...more } = change;
  const judged = { people: 600, of: 800 };
  return { portal: 'emea', cause: { kind: 'read', id }, openedAt: since, judged, people: 600, ...more };
};
const person = (id: number): Held => {
  const takes: HeldView =
    id === 0
      ? { employeeId: '0', takes: 'cancel-invite', inviteId: 'i7', since }
      : id < 15
        ? { employeeId: String(id), takes: 'expire', expiresOn: '2026-02-01', accountId: `a${id}`, since }
        : { employeeId: String(id), takes: 'disable', accountId: `a${id}`, since };
  return { ...takes, name: id === 1 ? null : `Person \u001b${id}` };
};

const PEOPLE = `holds/emea/${read}/people`;
const APPROVAL = `holds/emea/${read}/approval`;
/** A hold of 600 people in pages, whose digest is another one from `changedAt` on. */
const routes = ({ holds = [hold()], changedAt = 600 }: { holds?: HoldView[]; changedAt?: number } = {}): Routes => ({
  'GET holds': () => ({ body: { holds } }),
  [`GET ${PEOPLE}`]: ({ query }) => {
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(from + Number(query.get('limit')), 600);
    const rows = Array.from({ length: to - from }, (_, index) => person(from + index));
    const next = to < 600 ? { next: String(to) } : {};
    return { body: { rows, ...next, digest: from < changedAt ? digest : digest.replaceAll('a', 'b') } };
  },
  [`POST ${APPROVAL}`]: ({ body }) => ({
    body: { portal: 'emea', causeId: read, people: 600, approvedBy: 'Ada', approvedAt: since, ...(body as object) },
  }),
});

describe('holds', () => {
  it('lists what is held, and says what to do next', async () => {
    const api = await withApi(routes({ holds: [hold(), hold({ portal: 'apac', id: 'policy-12', people: 41 })] }));
    expect(await api.run('holds')).toEqual({
      code: 0,
      out: [
        'PORTAL  CAUSE                                      HELD  JUDGED      SINCE',
        `emea    ${read}  600   600 of 800  ${since}`,
        `apac    policy-12                                  41    600 of 800  ${since}`,
        `see who it is: portico holds emea ${read}`,
        `let it happen: portico approve emea ${read}`,
        '',
      ].join('\n'),
      err: '',
    });
    const json = await api.run('holds -o json');
    expect(JSON.parse(json.out)).toEqual([hold(), hold({ portal: 'apac', id: 'policy-12', people: 41 })]);
    const none = await withApi(routes({ holds: [] }));
    expect(await none.run('holds')).toEqual({ code: 0, out: 'nothing is held back\n', err: '' });
    expect(await none.run('holds -o json')).toEqual({ code: 0, out: '[]\n', err: '' });
  });

  it('shows everybody of one, what would be done to each, and with what to approve exactly that', async () => {
    const api = await withApi(routes());
    const { code, out, err } = await api.run(`holds emea ${read}`);
    expect([code, err]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      `emea  ${read}`,
      `600 held, judged 600 of 800, since ${since}`,
      'EMPLOYEE  NAME         WOULD                 ACCOUNT OR INVITE  SINCE',
    ]);
    expect(lines).toHaveLength(3 + 600 + 2);
    expect(lines[3]).toMatch(/^0 +Person �0 +cancel invite +i7 +2026/);
    expect(lines[4]).toMatch(/^1 +expire on 2026-02-01 +a1 +2026/);
    expect(lines[602]).toMatch(/^599 +Person �599 +disable +a599 +2026/);
    expect(lines[603]).toBe(`approve exactly this: portico approve emea ${read} --digest ${digest}`);
    const json = JSON.parse((await api.run('holds emea read-3 -o json')).out) as { rows: unknown[] };
    expect(json).toMatchObject({
      ...hold(),
      digest,
      rows: [person(0), person(1)].concat(json.rows.slice(2) as Held[]),
    });
    expect(json.rows).toHaveLength(600);
    expect(api.sent('GET', PEOPLE).map(({ query }) => query.get('limit'))).toEqual(['500', '500', '500', '500']);
  });

  it('shows no people beside the digest of others', async () => {
    const api = await withApi(routes({ changedAt: 500 }));
    const refused = { code: 1, out: '', err: 'portico: who is held has changed meanwhile: run this again\n' };
    expect(await api.run('holds emea read')).toEqual(refused);
    expect((await api.run('approve emea read', { isTTY: true, typed: '600\n' })).code).toBe(1);
    expect(await api.run(`approve emea ${read} --yes`)).toEqual(refused);
    expect(api.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('takes the beginning of a cause, where it is that of one alone', async () => {
    const policies = ['policy-1', 'policy-12', 'policy-13'].map((id) => hold({ portal: 'apac', id }));
    const api = await withApi({
      ...routes({ holds: [...policies, hold()] }),
      'GET holds/apac/policy-1/people': () => ({ body: { rows: [person(0)], digest } }),
    });
    expect((await api.run('holds emea')).out).toContain(`emea  ${read}\n`);
    expect((await api.run('holds apac policy-1')).out).toContain('apac  policy-1\n');
    const each = (...ids: readonly string[]) => ids.map((id) => `  apac  ${id}  (600 held)\n`).join('');
    const all = each('policy-1', 'policy-12', 'policy-13');
    for (const [line, err] of [
      ['holds apac', `several are held back in apac: write more of one of\n${all}`],
      ['approve apac policy', `several are held back in apac by "policy": write more of one of\n${all}`],
      [
        'holds emea policy',
        `nothing is held back in emea by "policy": take one of\n${all}  emea  ${read}  (600 held)\n`,
      ],
      ['approve nowhere x', `nothing is held back in nowhere by "x": take one of\n${all}  emea  ${read}  (600 held)\n`],
    ] as const) {
      expect(await api.run(line)).toEqual({ code: 2, out: '', err: `portico: ${err}` });
    }
    const none = await withApi(routes({ holds: [] }));
    expect(await none.run('approve emea read')).toMatchObject({ code: 2, err: 'portico: nothing is held back\n' });
  });
});

describe('approve', () => {
  const approved = { code: 0, out: `approved: access is taken from 600 people in emea (Ada, ${since})\n` };

  it('says how many and what would be done, and wants that number typed', async () => {
    const api = await withApi(routes());
    const { code, out, err } = await api.run('approve emea read', { isTTY: true, typed: '600\n' });
    expect({ code, out }).toEqual(approved);
    expect(err).toContain(
      [
        `${read} takes access from 600 people in emea: cancel invite 1, expire 14, disable 585`,
        `the gate judged 600 of 800, and keeps it back since ${since}`,
        `${digest}\n`,
      ].join('\n'),
    );
    expect(err).toContain('Take access from 600 people in emea? Type the number to approve: ');
    expect(api.sent('POST', APPROVAL).map(({ body }) => body)).toEqual([{ digest }]);
  });

  it.each(['y\n', '\n', '30\n'])('approves nothing for %j', async (typed) => {
    const api = await withApi(routes());
    const { code, err } = await api.run('approve emea read', { isTTY: true, typed });
    expect([code, err]).toEqual([1, expect.stringContaining(`"${typed.trim()}" is not 600: nothing was done`)]);
    expect(api.sent('POST', APPROVAL)).toEqual([]);
  });

  it('says what to type where nobody can be asked', async () => {
    const api = await withApi(routes());
    const { code, err } = await api.run('approve emea read');
    expect(code).toBe(2);
    expect(err).toContain(`nobody can be asked here: to do this, say --digest ${digest}, or --yes`);
    expect(api.sent('POST', APPROVAL)).toEqual([]);
  });

  it('asks nobody with --yes, where the cause is written whole', async () => {
    const api = await withApi(routes());
    const { err, ...done } = await api.run(`approve emea ${read} --yes`);
    expect(done).toEqual(approved);
    expect(err).toContain('takes access from 600 people in emea');
    expect(err).not.toContain('Type the number');
    expect(await api.run('approve emea read --yes')).toMatchObject({
      code: 2,
      err: `portico: with --yes write the whole cause: ${read}\n`,
    });
    expect(api.sent('POST', APPROVAL).map(({ body }) => body)).toEqual([{ digest }]);
  });

  it('approves with a digest exactly that set, without looking at who is held now', async () => {
    const api = await withApi(routes());
    const looked = digest.replaceAll('a', 'c');
    expect(await api.run(`approve emea read --digest ${looked}`)).toEqual({ ...approved, err: '' });
    expect(api.sent('POST', APPROVAL).map(({ body }) => body)).toEqual([{ digest: looked }]);
    expect(api.sent('GET', PEOPLE)).toEqual([]);
    const json = await api.run(`approve emea read --digest ${digest} -o json`);
    expect(JSON.parse(json.out)).toMatchObject({ portal: 'emea', causeId: read, people: 600, digest });
  });

  it('advises to look again where the set has changed', async () => {
    const api = await withApi({
      ...routes(),
      [`POST ${APPROVAL}`]: () => problem(409, 'The set has changed: look again'),
    });
    expect(await api.run(`approve emea read --digest ${digest}`)).toEqual({
      code: 1,
      out: '',
      err: `portico: The set has changed: look again: portico holds emea ${read}\n`,
    });
  });

  it.each([
    [400, 2, '--digest: must be sha256: and 64 digits', [{ path: 'digest', message: 'must be sha256: and 64 digits' }]],
    [403, 1, 'This token may only read.', undefined],
    [404, 1, 'Nothing is held there.', undefined],
  ] as const)('says why it is refused: %d', async (status, code, message, faults) => {
    const refused = () => problem(status, faults ? 'Correct what the faults name.' : message, faults);
    const api = await withApi({ ...routes(), [`POST ${APPROVAL}`]: refused });
    const ran = await api.run('approve emea read --digest sha256:0');
    expect(ran).toEqual({ code, out: '', err: `portico: ${message}\n` });
  });

  it('wants a portal and a cause', async () => {
    const api = await withApi(routes());
    expect((await api.run('approve emea')).code).toBe(2);
    expect(api.asked).toEqual([]);
  });
});

it.each(['holds', 'approve'])('portico %s --help has examples', async (command) => {
  const api = await withApi({});
  expect((await api.run(`${command} --help`)).out).toMatch(/Examples:\n {2}\$ portico /);
});
