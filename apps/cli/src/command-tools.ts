import { InvalidArgumentError, Option, type Command } from 'commander';
import { Failure, failureOf, UsageError } from './errors.js';
import { Session } from './session.js';
import { DEFAULT_URL, type GlobalOptions } from './settings.js';
import type { Terminal } from './terminal.js';

export const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1.');
  return Number(text);
};
export const numberFromZero = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
};
export const gather = (text: string, before: readonly string[] = []): string[] => [...before, text];

export const examples = (...lines: readonly string[]) =>
  `\nExamples:\n${lines.map((line) => `  $ portico ${line}`).join('\n')}\n`;

export const withGlobals = (command: Command): Command =>
  command
    .addOption(new Option('--url <url>', `the admin API (PORTICO_URL, or ${DEFAULT_URL})`))
    .addOption(
      new Option('--token-file <file>', 'a file with the token (PORTICO_TOKEN_FILE; or the token in PORTICO_TOKEN)'),
    )
    .addOption(new Option('--tenant <tenant>', 'the tenant (PORTICO_TENANT; or the only one that the token has)'))
    .addOption(new Option('-o, --output <format>', 'how to answer').choices(['table', 'json']).default('table'));

export const withLimit = (command: Command): Command =>
  command
    .addOption(new Option('--limit <rows>', 'how many rows at most').argParser(wholeNumber).default(100))
    .option('--all', 'every row');

export const withFile = (command: Command): Command =>
  command.requiredOption('-f, --file <file>', 'the realm file, or - for standard input');

type Arguments = readonly (string | undefined)[];
export type Action<Options> = (session: Session, options: Options, args: Arguments) => Promise<void>;

/** Adds a command below another; its action gets a session, the options and the arguments. */
export const addCommand = <Options>(
  parent: Command,
  terminal: Terminal,
  name: string,
  description: string,
  action: Action<Options>,
): Command => {
  const command = parent.command(name).description(description);
  command.action(async (...given: unknown[]) => {
    const options = command.opts<Options & GlobalOptions>();
    let session: Session | undefined;
    try {
      session = new Session(terminal, options);
      await action(session, options, given.slice(0, -2) as Arguments);
    } catch (error) {
      const isForeseen = error instanceof Failure || error instanceof UsageError;
      if (isForeseen && options.output === 'json' && session?.hasAnswered !== true)
        terminal.stdout.write(`${JSON.stringify(failureOf(error), null, 2)}\n`);
      throw error;
    }
  });
  return withGlobals(command.exitOverride());
};
