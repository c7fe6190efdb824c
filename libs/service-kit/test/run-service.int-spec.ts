import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { compileFixtures, spawnApp, type RunningApp } from './spawn-app.js';

const environment = { NATS_URL: 'nats://127.0.0.1:1', PORT: '0' };

describe('a running service', () => {
  let fixtures: ReturnType<typeof compileFixtures>;
  const started: RunningApp[] = [];
  const start = (more: NodeJS.ProcessEnv = {}): RunningApp => {
    const app = spawnApp(fixtures.folder, { ...environment, ...more });
    started.push(app);
    return app;
  };
  beforeAll(() => {
    fixtures = compileFixtures();
  });
  afterEach(async () => {
    for (const app of started.splice(0)) {
      app.process.kill('SIGKILL');
      await app.ended;
    }
  });
  afterAll(() => fixtures.remove());

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'told by %s to stop, finishes what is in hand, then closes in order',
    async (signal) => {
      // Longer than the request, which would otherwise give the work its time.
      const app = start({ WORK_MS: '800' });
      const port = await app.ready;
      const answer = fetch(`http://127.0.0.1:${port}/slow`);
      await eventually(
        'a request and some work in hand',
        () => app.done().includes('request') && app.done().length > 5,
      );
      app.process.kill(signal);

      expect(await app.ended).toEqual({ code: 0, signal: null });
      expect((await answer).status).toBe(200);
      const done = app.done();
      const numbers = (verb: string) => done.filter((line) => line.startsWith(verb)).map((line) => line.split(' ')[1]);
      expect(numbers('did').sort()).toEqual(numbers('took').sort());
      expect(done.slice(done.indexOf('finish')).some((line) => line.startsWith('took'))).toBe(false);
      expect(done.slice(-2)).toEqual(['closed nats', 'closed database']);
      expect(app.output()).toContain('a shutdown step failed');
      expect(app.output()).not.toContain('ada@acme.example');
    },
  );

  it('answers the probes, is not ready while it stops, and shows metrics', async () => {
    const app = start({ WORK_MS: '2000' });
    const base = `http://127.0.0.1:${await app.ready}`;
    const status = async (path: string) => (await fetch(base + path)).status;
    expect(await Promise.all(['/livez', '/readyz', '/startupz'].map(status))).toEqual([200, 200, 200]);
    expect(await (await fetch(`${base}/readyz`)).json()).toMatchObject({
      info: { dependency: { status: 'up', peers: 1 } },
    });
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toMatch(
      /http_request_seconds_count\{service="working-app",method="GET",route="\/livez",status="200"\} 1/,
    );
    expect(metrics).toMatch(/process_cpu_user_seconds_total\{service="working-app"\}/);

    app.process.kill('SIGTERM');
    await eventually('readiness to be gone', async () => (await status('/readyz')) === 503);
    expect((await app.ended).code).toBe(0);
  });

  it('is alive but not ready while something it needs is down', async () => {
    const app = start({ DEPENDENCY: 'down' });
    const base = `http://127.0.0.1:${await app.ready}`;
    const answer = await fetch(`${base}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { dependency: { status: 'down' } } });
    expect((await fetch(`${base}/livez`)).status).toBe(200);
  });

  it('carries the trace of a request', async () => {
    const app = start();
    const port = await app.ready;
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await fetch(`http://127.0.0.1:${port}/slow`, { headers: { traceparent } });
    expect(await answer.json()).toEqual({ traceparent });
    expect(app.output()).toContain('"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"');
  });

  it('that is misconfigured says so once, in full, and ends with 1', async () => {
    const app = start({ NATS_URL: '', POOLS: 'No Pool', PORT: 'x' });
    expect((await app.ended).code).toBe(1);
    const [line, ...more] = app.output().split('\n');
    expect(more).toEqual([]);
    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 'fatal',
      faults: [
        'NATS_URL is missing: write the URL of NATS, such as nats://127.0.0.1:4222; several with commas',
        expect.stringContaining('POOLS has a name that is none'),
        'PORT must be an integer number: write the port of health and metrics, 0 for a free one',
      ],
    });
  });

  it('waits for what it needs and says for what, or ends with 1 when the time is up', async () => {
    const needed = join(fixtures.folder, 'needed');
    const app = start({ NEEDED_FILE: needed, START_WAIT_SECONDS: '30' });
    await eventually('the app to say what it waits for', () => /waits to start: ENOENT.*needed/.test(app.output()));
    writeFileSync(needed, '');
    expect(await app.ready).toBeGreaterThan(0);

    const never = start({ NEEDED_FILE: `${needed}-by-nobody`, START_WAIT_SECONDS: '1' });
    expect((await never.ended).code).toBe(1);
    expect(never.output()).toMatch(/working-app can't start: ENOENT/);
  });

  it('whose port is taken says so and ends with 1', async () => {
    const port = await start().ready;
    const second = start({ PORT: String(port) });
    expect((await second.ended).code).toBe(1);
    expect(second.output()).toContain('EADDRINUSE');
  });
});
