import type { ServerResponse } from 'node:http';
import type { Status } from '../src/answers.js';
import { problem, type Routes } from './fake-api.js';
import { inTurn, settled, working } from './samples.js';
import { withApi } from './with-api.js';

describe('run', () => {
  const runs: Routes = { 'POST runs': () => ({ body: { runId: 'run-1' } }) };

  it('asks for a read', async () => {
    const api = await withApi(runs);
    expect(await api.run('run')).toMatchObject({ code: 0, out: 'asked for a read of changes: run-1\n' });
    expect(await api.run('run --full -o json')).toMatchObject({ code: 0, out: '{\n  "runId": "run-1"\n}\n' });
    const asked = api.asked.filter(({ method }) => method === 'POST');
    expect(asked.map(({ body }) => body)).toEqual([{ kind: 'changed' }, { kind: 'full' }]);
  });

  it('waits until it is done, not for what was settled before', async () => {
    const before = { ...settled, source: { ...settled.source!, reads: [] } };
    const api = await withApi({ ...runs, 'GET status': inTurn(before, working, settled) });
    const { code, out } = await api.run('run --full --wait');
    expect(code).toBe(0);
    expect(out).toContain('full read certified, 250 people, 250 joined');
    expect(out).toMatch(/academy +250 +240 +240 +2 +2 +3 +0 +0 +8: 8 refused-exists +4 r, 243 w, 1 throttled/);
    expect(api.asked.filter(({ path }) => path.endsWith('status'))).toHaveLength(3);
  });

  it('fails when a portal was kept out, which nobody waits for, and says what to do', async () => {
    const attention = ['emea is kept out since 2026-01-12T10:00:00Z: the portal refuses its key. Mount a new one.'];
    const status = { ...settled, attention, keptOut: ['emea'] };
    const api = await withApi({ ...runs, 'GET status': inTurn<Status>(status) });
    const { code, out, err } = await api.run('run --full --wait');
    expect(code).toBe(1);
    expect(out).toContain('! emea is kept out since 2026-01-12T10:00:00Z');
    expect(err).toContain('portico: not done in emea');
    const json = await api.run('run --full --wait -o json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ status: { keptOut: ['emea'], attention } });
  });

  it('fails when the read is refused, and when it takes too long', async () => {
    const read = { id: 'run-1', kind: 'full', state: 'refused', finishedAt: 'x', reason: 'half is missing' } as const;
    const refused = { ...settled, source: { ...settled.source!, reads: [read] } };
    const api = await withApi({ ...runs, 'GET status': inTurn<Status>(refused) });
    expect(await api.run('run --wait')).toMatchObject({
      code: 1,
      err: 'portico: the read of BambooHR was refused: half is missing\n',
    });
    const slow = await withApi({ ...runs, 'GET status': inTurn(working) });
    expect(await slow.run('run --wait --timeout 1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('not done after 1 s'),
    });
  });
});

describe('watch', () => {
  const event = (id: string, accountId: string) =>
    `id: ${id}\nevent: learner\ndata: ${JSON.stringify({
      kind: 'learner',
      type: 'portico.learner.created.v1',
      time: '2026-01-12T10:00:00Z',
      data: { event: 'created', employeeId: '109', portal: 'academy', accountId },
    })}\n\n`;
  const people = () => ({ body: { rows: [{ employeeId: '109', name: 'Ada Moss', cells: [] }] } });
  const streaming =
    (text: string, ends = false) =>
    (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`: connected\n\n${text}`);
      if (ends) response.end();
    };

  it('shows progress and events in plain lines, and ends when settled', async () => {
    const api = await withApi({
      'GET status': inTurn(working, working, settled),
      'GET events': () => streaming(event('1.0', '991')),
      'GET people': people,
    });
    const { code, out } = await api.run('watch --until-settled');
    expect(code).toBe(0);
    expect(out).toContain('provisioning · academy 132/250 (110 to do)\n');
    expect(out).toContain('10:00:00  created      academy  Ada Moss (109)  account 991\n');
    expect(out).toMatch(/settled · academy 242\/250\n$/);
    expect(out).not.toContain('\u001b');
  });

  it('takes a broken stream up where it was, and ends when interrupted', async () => {
    const interrupted = new AbortController();
    let connections = 0;
    const api = await withApi({
      'GET status': inTurn(settled),
      'GET events': () => {
        connections++;
        if (connections === 1) return streaming(event('1.0', '991'), true);
        setTimeout(() => interrupted.abort(), 50);
        return streaming(event('2.0', '992'));
      },
      'GET people': people,
    });
    const { code, out } = await api.run('watch -o json', { interrupted: interrupted.signal });
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { data: { accountId: string } });
    expect(lines.map(({ data }) => data.accountId)).toEqual(['991', '992']);
    const asked = api.asked.filter(({ path }) => path.endsWith('events'));
    expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1.0']);
  });

  it('writes one living line on a terminal', async () => {
    const api = await withApi({ 'GET status': inTurn(working, settled), 'GET events': () => streaming('') });
    const { out } = await api.run('watch --until-settled', { isTTY: true });
    expect(out).toContain('\r\u001b[2Kprovisioning · academy');
  });

  it('gives up when told to', async () => {
    const api = await withApi({ 'GET status': inTurn(working), 'GET events': () => streaming('') });
    expect(await api.run('watch --until-settled --timeout 1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('not settled'),
    });
  });

  it('says what a wrong token is told', async () => {
    const api = await withApi({
      'GET status': () => problem(401, 'This token is not known.'),
      'GET events': () => problem(401, 'This token is not known.'),
    });
    expect(await api.run('watch')).toMatchObject({ code: 1, err: 'portico: This token is not known.\n' });
  });
});
