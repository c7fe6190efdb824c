import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** What a command reads and writes; tests give their own. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Stream;
  readonly stderr: Stream;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** On a terminal, unless NO_COLOR is set. */
export const hasColour = (stream: Stream, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';

export type Paint = (style: Style, text: string) => string;

export const painter =
  (isColoured: boolean): Paint =>
  (style, text) =>
    isColoured ? styleText(style, text, { validateStream: false }) : text;

/** Names come from elsewhere: none may move the cursor or colour what follows. */
// eslint-disable-next-line no-control-regex -- control characters are just what is taken out here
export const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '�');

/** Asks on stderr, so that stdout stays what the command answers. */
export const ask = async ({ stdin, stderr }: Terminal, question: string): Promise<string> => {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
};

export const confirm = async (terminal: Terminal, question: string): Promise<boolean> =>
  /^y(es)?$/i.test(await ask(terminal, `${question} [y/N] `));
