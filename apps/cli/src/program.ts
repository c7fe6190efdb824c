import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { addCommand, examples, gather, withLimit, wholeNumber, type Action } from './command-tools.js';
import {
  created,
  invites,
  people,
  type CreatedOptions,
  type InvitesOptions,
  type PeopleOptions,
} from './commands/lists.js';
import { correlate } from './commands/correlate.js';
import { run, type RunOptions } from './commands/run.js';
import { status } from './commands/status.js';
import { watch, type WatchOptions } from './commands/watch.js';
import { Failure, UsageError } from './errors.js';
import { addHoldCommands } from './hold-commands.js';
import { addPolicyCommands } from './policy-commands.js';
import { hasColour, painter, type Terminal } from './terminal.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The commands, bound to a terminal. `interrupted` ends what would go on for ever. */
export const createProgram = (terminal: Terminal, interrupted: AbortSignal): Command => {
  const program = new Command('portico')
    .description('Decides who belongs in which portal of a LearnUpon realm, and sees that it is so.')
    .version(version)
    .showHelpAfterError('(add --help for how to call it)')
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .exitOverride()
    .addHelpText(
      'after',
      `${examples('apply -f examples/acme.realm.yaml', 'run --full --wait', 'people --portal emea-sales', 'watch')}
Exit codes: 0 done, 1 failed, 2 called wrongly.`,
    );

  const add = <Options>(name: string, description: string, action: Action<Options>): Command =>
    addCommand(program, terminal, name, description, action);

  addPolicyCommands(program, terminal, interrupted);
  addHoldCommands(program, terminal);

  add<RunOptions>('run', 'read BambooHR now', run)
    .addOption(new Option('--full', 'read everybody').conflicts('changed'))
    .option('--changed', 'read what changed since the last read (the default)')
    .option('--wait', 'wait until every portal is as wanted')
    .addOption(new Option('--timeout <seconds>', 'how long to wait').argParser(wholeNumber).default(600))
    .addHelpText('after', examples('run', 'run --full --wait'));

  add<WatchOptions>('watch', 'show live what happens', (session, options) => watch(session, options, interrupted))
    .option('--until-settled', 'end when nothing is on its way any more')
    .addOption(new Option('--timeout <seconds>', 'give up after that long').argParser(wholeNumber))
    .addHelpText('after', examples('watch', 'watch --until-settled --timeout 600', 'watch -o json'));

  add('status', 'how far everything is, portal by portal', status).addHelpText(
    'after',
    examples('status', 'status -o json'),
  );

  withLimit(add<PeopleOptions>('people', 'employees × portals: wanted, actual, pending, and why', people))
    .option('--portal <portal>', 'this portal only')
    .option('--reason <code>', 'cells with this reason only')
    .addOption(new Option('--employee <id>', 'this employee, at length; again for several').argParser(gather))
    .addHelpText(
      'after',
      examples(
        'people',
        'people --employee 109',
        'people --reason refused-exists',
        'people --portal emea --all -o json',
      ),
    );

  add(
    'correlate',
    "say that an account which is there is this employee's, whatever name or identifier it has",
    (session, _options, [employee = '', portal = '', account = '']) => correlate(session, employee, portal, account),
  )
    .argument('<employee>', 'BambooHR employee id')
    .argument('<portal>', 'the portal')
    .argument('<account>', "LearnUpon's user id in that portal")
    .addHelpText('after', examples('people --reason name-mismatch', 'correlate 109 academy 991001'));

  withLimit(add<InvitesOptions>('invites', 'invites that nobody has accepted yet', invites))
    .option('--links', 'with the link to accept, for those who lost the mail')
    .addHelpText('after', examples('invites', 'invites --links --all'));

  withLimit(add<CreatedOptions>('created', 'accounts that Portico created', created))
    .requiredOption('--since <when>', '30m, 2h, 3d or 1w ago, a day, or a moment')
    .option('--portal <portal>', 'this portal only')
    .addHelpText('after', examples('created --since 1d', 'created --since 2026-01-12 --portal academy'));

  return program;
};

const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof UsageError ? 2 : 1;
};

/** Runs one command line and returns its exit code; what went wrong is on stderr. */
export const main = async (args: readonly string[], terminal: Terminal, interrupted: AbortSignal): Promise<number> => {
  try {
    await createProgram(terminal, interrupted).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    const paint = painter(hasColour(terminal.stderr, terminal.env));
    const isForeseen = error instanceof Failure || error instanceof UsageError;
    if (isForeseen) terminal.stderr.write(`${paint('red', 'portico:')} ${error.message}\n`);
    // commander has said it already.
    else if (!(error instanceof CommanderError))
      terminal.stderr.write(`portico broke: ${String((error as Error).stack)}\n`);
    return exitCodeOf(error);
  }
};
