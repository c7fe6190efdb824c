import { PassThrough, Readable, Writable } from 'node:stream';
import type { Terminal } from '../src/terminal.js';

const recorder = (isTTY: boolean) => {
  let text = '';
  const stream = Object.assign(
    new Writable({
      write: (chunk, _encoding, done) => {
        text += String(chunk);
        done();
      },
    }),
    { isTTY, columns: 120 },
  );
  return { stream, text: () => text };
};

/** A terminal, or pipes, that a test reads; `typed` is what comes from the keyboard or the pipe. */
export const fakeTerminal = (options: { isTTY?: boolean; typed?: string; env?: NodeJS.ProcessEnv } = {}) => {
  const { isTTY = false, typed, env = {} } = options;
  const out = recorder(isTTY);
  const err = recorder(isTTY);
  const stdin = Object.assign(typed === undefined ? new PassThrough() : Readable.from([typed]), { isTTY });
  const terminal: Terminal = { env, stdin, stdout: out.stream, stderr: err.stream };
  return { terminal, stdout: out.text, stderr: err.text };
};
