import type { Command } from 'commander';
import { addCommand, examples, type Action } from './command-tools.js';
import { approve, holds, type ApproveOptions } from './commands/holds.js';
import type { Terminal } from './terminal.js';

/** What the gate keeps back, looked at and approved. */
export const addHoldCommands = (program: Command, terminal: Terminal): void => {
  const add = <Options>(name: string, description: string, action: Action<Options>): Command =>
    addCommand(program, terminal, name, description, action);

  add(
    'holds',
    'what the gate keeps back; of one, from whom access would be taken',
    (session, _options, [portal, cause]) => holds(session, portal, cause),
  )
    .argument('[portal]', 'everybody of a hold in this portal')
    .argument('[cause]', 'which: the id of its cause, or the beginning; needless where the portal has one hold')
    .addHelpText('after', examples('holds', 'holds emea-sales read-3f', 'holds emea-sales policy-12 -o json'));

  add<ApproveOptions>(
    'approve',
    'let access be taken from those who are held; says how many first',
    (session, options, [portal = '', cause = '']) => approve(session, portal, cause, options),
  )
    .argument('<portal>', 'the portal')
    .argument('<cause>', 'the id of the cause, or the beginning')
    .option('--digest <digest>', 'exactly the set that portico holds showed with it, without asking')
    .option('-y, --yes', 'whatever is held now, without asking')
    .addHelpText(
      'after',
      examples(
        'approve emea-sales read-3f',
        `approve emea-sales read-3f --digest sha256:${'0123456789abcdef'.repeat(4)}`,
        'approve emea-sales policy-12 --yes',
      ),
    );
};
