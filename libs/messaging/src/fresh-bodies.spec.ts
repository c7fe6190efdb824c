import { FreshBodies } from './fresh-bodies.js';

const body = (key: string, revision = 1, text = `"${key}"`) => ({ tenant: 'acme', key, revision, body: text });

test('a body is given once, to whoever asks for its revision', () => {
  const fresh = new FreshBodies();
  fresh.keep([body('1'), body('2', 5), body('3', 5)]);
  expect(fresh.take('acme', '1', 1)).toBe('"1"');
  expect(fresh.take('acme', '1', 1)).toBeUndefined();
  expect(fresh.take('acme', '2', 4)).toBeUndefined();
  expect(fresh.take('other', '3', 5)).toBeUndefined();
  expect(fresh.isEmpty).toBe(false);
  expect(fresh.take('acme', '3', 5)).toBe('"3"');
  expect(fresh.isEmpty).toBe(true);
});

test('a newer revision takes the place of an older one', () => {
  const fresh = new FreshBodies();
  fresh.keep([body('1', 1, 'old'), body('1', 2, 'new')]);
  expect(fresh.take('acme', '1', 2)).toBe('new');
  expect(fresh.isEmpty).toBe(true);
});

test('where there is no room those stay that were first, and there is room again once they are taken', () => {
  const fresh = new FreshBodies(10);
  fresh.keep([body('1', 1, 'sixsix'), body('2', 1, 'fives'), body('3', 1, 'four')]);
  expect(fresh.take('acme', '2', 1)).toBeUndefined();
  expect(fresh.take('acme', '1', 1)).toBe('sixsix');
  fresh.keep([body('4', 1, 'sixsix')]);
  expect(fresh.take('acme', '4', 1)).toBe('sixsix');
  expect(fresh.take('acme', '3', 1)).toBe('four');
});

test('what nobody asks for is not kept for ever', () => {
  let now = 0;
  const fresh = new FreshBodies(5, () => now);
  fresh.keep([body('1', 1, 'fives')]);
  now = 60_000;
  fresh.keep([body('2', 1, 'fives')]);
  expect(fresh.take('acme', '2', 1)).toBe('fives');
  expect(fresh.isEmpty).toBe(true);
});

test('it says for how much more there is room', () => {
  let now = 0;
  const fresh = new FreshBodies(10, () => now);
  fresh.keep([body('1', 1, 'sixsix')]);
  expect(fresh.room).toBe(4);
  now = 60_000;
  expect(fresh.room).toBe(10);
});
