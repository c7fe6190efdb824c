import type { Terminal } from '../terminal.js';

/** Progress on one line that is written over, below lines that stay; line by line where nobody watches. */
export interface Progress {
  /** What is going on; a repeat is not shown. */
  update(line: string): void;
  /** Something that stays. */
  log(line: string): void;
  end(): void;
  /** The last line goes: something else follows. */
  clear(): void;
}

const CLEAR_LINE = '\r\u001b[2K';

const livingLine = (out: Terminal['stdout']): Progress => {
  let current = '';
  const fit = (line: string) =>
    line.length < (out.columns ?? 80) ? line : `${line.slice(0, (out.columns ?? 80) - 2)}…`;
  return {
    update: (line) => {
      current = fit(line);
      out.write(CLEAR_LINE + current);
    },
    log: (line) => void out.write(`${CLEAR_LINE}${line}\n${current}`),
    end: () => void out.write(current === '' ? '' : '\n'),
    clear: () => void out.write(current === '' ? '' : CLEAR_LINE),
  };
};

/** In a log, a line of progress every few seconds is enough. */
const EVERY_MS = 2_000;

const plainLines = (out: Terminal['stdout']): Progress => {
  let shown = '';
  let latest = '';
  let shownAt = Number.NEGATIVE_INFINITY;
  const show = () => {
    if (latest === shown) return;
    out.write(`${latest}\n`);
    shown = latest;
    shownAt = performance.now();
  };
  return {
    update: (line) => {
      latest = line;
      if (performance.now() - shownAt >= EVERY_MS) show();
    },
    log: (line) => void out.write(`${line}\n`),
    end: show,
    clear: () => undefined,
  };
};

export const progressOn = (out: Terminal['stdout']): Progress => (out.isTTY ? livingLine(out) : plainLines(out));
