import { eventually } from './eventually.js';

test('asks until there is something, and gives it', async () => {
  const answers = [undefined, false, 'here'] as const;
  let asked = 0;
  await expect(eventually('an answer', async () => answers[asked++])).resolves.toBe('here');
  expect(asked).toBe(3);
});

test('takes 0 and the empty text for answers', async () => {
  await expect(eventually('a number', async () => 0)).resolves.toBe(0);
  await expect(eventually('a text', async () => '')).resolves.toBe('');
});

test('asks again after a failure', async () => {
  let asked = 0;
  const probe = async () => {
    if (asked++ === 0) throw new Error('not yet');
    return 'here';
  };
  await expect(eventually('an answer', probe)).resolves.toBe('here');
});

test('says what it waited for, and why the last attempt failed', async () => {
  const never = eventually('the moon', () => Promise.reject(new Error('cloudy')), { timeoutMs: 30 });
  await expect(never).rejects.toThrow('Waited 30 ms for: the moon. The last attempt failed: cloudy');
});
