import { BusyAnswers } from './busy-answers.js';

let now: number;
let left: number;
let made: number;
/** Ten milliseconds an answer. */
const count = async () => {
  made += 1;
  now += 10;
  return left;
};
const isBusy = (answer: number) => answer > 0;
beforeEach(() => {
  now = 1_000;
  left = 3;
  made = 0;
});

test('an answer is given again until it is ten times as old as it took to make', async () => {
  const answers = new BusyAnswers(isBusy, () => now);
  expect(await answers.ask('acme', count)).toBe(3);
  left = 2;
  now += 89;
  expect(await answers.ask('acme', count)).toBe(3);
  now += 1;
  expect(await answers.ask('acme', count)).toBe(2);
  expect(made).toBe(2);
});

test('one that says that all is at rest is never given twice', async () => {
  const answers = new BusyAnswers(isBusy, () => now);
  left = 0;
  expect(await answers.ask('acme', count)).toBe(0);
  left = 1;
  expect(await answers.ask('acme', count)).toBe(1);
});

test('each key has an answer of its own, and a failure is none', async () => {
  const answers = new BusyAnswers(isBusy, () => now);
  await answers.ask('acme', count);
  left = 7;
  expect(await answers.ask('other', count)).toBe(7);
  await expect(answers.ask('third', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await answers.ask('third', count)).toBe(7);
});
