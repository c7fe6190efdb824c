const colour = process.stdout.isTTY && !process.env['NO_COLOR'];
const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const green = paint(32);
export const red = paint(31);

const started = performance.now();
/** A step of a story, with the seconds since it began. */
export const step = (text: string): void => {
  console.log(`${dim(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`)}  ${text}`);
};

/** Runs `work` and ends the process: 1 with a message when it fails; Ctrl-C and SIGTERM clean up first. */
export const main = (work: (signal: AbortSignal) => Promise<number>): void => {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort());
  work(abort.signal).then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (abort.signal.aborted) process.exit(130);
      console.error(red(error instanceof Error ? error.message : String(error)));
      process.exit(1);
    },
  );
};
