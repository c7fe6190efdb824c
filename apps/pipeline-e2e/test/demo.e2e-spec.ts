import { fileURLToPath } from 'node:url';
import { runToEnd } from '../src/managed-process.js';

describe('npm run demo', () => {
  it('provisions a company, follows a working day, and finds the vendors right', async () => {
    const { stdout } = await runToEnd({
      name: 'demo',
      script: fileURLToPath(new URL('../dist/demo.js', import.meta.url)),
      cwd: process.cwd(),
    });
    expect(stdout).toContain('right: the first sync');
    expect(stdout).toContain('right: a working day');
    expect(stdout).toContain('right: the same again wrote 0 times');
  }, 180_000);
});
