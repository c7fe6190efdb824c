import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, type NatsSource } from '../src/find-nats-server.js';

const quiet = () => undefined;
const { PATH, XDG_CACHE_HOME } = process.env;
let real: string;
let home: string;

beforeAll(async () => {
  real = (await findNatsServer(quiet)).path;
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'portico-home-'));
  process.env['XDG_CACHE_HOME'] = home;
  process.env['PATH'] = '';
});
afterEach(() => {
  rmSync(home, { recursive: true });
  Object.assign(process.env, { PATH });
  if (XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = XDG_CACHE_HOME;
});

const copies: NatsSource = { name: 'a copy', fetch: async (folder) => copyFileSync(real, join(folder, 'nats-server')) };
const refuses: NatsSource = { name: 'a closed shop', fetch: () => Promise.reject(new Error('closed')) };
const breaks: NatsSource = {
  name: 'a broken shop',
  fetch: async (folder) => writeFileSync(join(folder, 'nats-server'), 'no program'),
};

test('takes what is on the PATH before all else', async () => {
  const bin = mkdtempSync(join(home, 'bin-'));
  copyFileSync(real, join(bin, 'nats-server'));
  process.env['PATH'] = bin;
  const said: string[] = [];
  expect((await findNatsServer((line) => said.push(line), [refuses])).path).toBe(join(bin, 'nats-server'));
  expect(said).toEqual([expect.stringMatching(/^nats-server 2\.\d+\.\S+ from the PATH/)]);
});

test('goes from source to source, and takes the cache the next time', async () => {
  expect((await findNatsServer(quiet, [refuses, breaks, copies])).from).toBe('a copy, now in the cache');
  expect((await findNatsServer(quiet, [refuses])).from).toMatch(/^the cache/);
});

test('many at once into an empty home folder get one that works, and leave nothing else there', async () => {
  const found = await Promise.all(Array.from({ length: 6 }, () => findNatsServer(quiet, [copies])));
  expect(new Set(found.map(({ path }) => path)).size).toBe(1);
  expect(readdirSync(join(home, 'portico'))).toEqual([expect.stringMatching(/^nats-server-\w+-\w+$/)]);
});

test('says what was tried and what to do where there is none', async () => {
  await expect(findNatsServer(quiet, [refuses, breaks])).rejects.toThrow(
    /or give NATS_URL\. Tried:\n- a closed shop: closed\n- a broken shop: it does not run here/,
  );
});
