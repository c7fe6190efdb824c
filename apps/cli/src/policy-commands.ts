import { Option, type Command } from 'commander';
import {
  addCommand,
  examples,
  numberFromZero,
  withFile,
  withLimit,
  wholeNumber,
  type Action,
} from './command-tools.js';
import { apply, type ApplyOptions } from './commands/apply.js';
import { endAccess, type EndAccessOptions } from './commands/end-access.js';
import { explain, type ExplainOptions } from './commands/explain.js';
import type { ListOptions } from './commands/lists.js';
import {
  plan,
  validate,
  whatIf,
  type FileOptions,
  type PlanOptions,
  type WhatIfCommandOptions,
} from './commands/plan.js';
import {
  diffVersions,
  examples as listExamples,
  getRealm,
  history,
  retire,
  rollback,
  showVersion,
  versionOf,
  type RealmGetOptions,
  type RetireOptions,
  type RollbackOptions,
} from './commands/policy.js';
import type { Terminal } from './terminal.js';

const EFFECTS = ['granted', 'changed', 'withheld', 'stopped'];

const expectVersion = () =>
  new Option('--expect-version <version>', 'refuse when another version is stored').argParser(numberFromZero);

type Add = <Options>(parent: Command, name: string, description: string, action: Action<Options>) => Command;

/** The realm as a file: checked, shown, applied, got back, and every version of it. */
const addFileCommands = (program: Command, add: Add, interrupted: AbortSignal): void => {
  withFile(
    add<FileOptions>(program, 'validate', 'check a realm file; all faults with their lines', validate),
  ).addHelpText('after', examples('validate -f acme.realm.yaml', 'validate -f - -o json < acme.realm.yaml'));
  withFile(
    add<PlanOptions>(program, 'plan', 'show what a realm file changes, and whom that touches', (session, options) =>
      plan(session, options, interrupted),
    ),
  )
    .addOption(expectVersion())
    .addHelpText('after', examples('plan -f acme.realm.yaml', 'plan -f acme.realm.yaml -o json'));
  withFile(
    add<ApplyOptions>(program, 'apply', 'show what a realm file changes, and apply it', (session, options) =>
      apply(session, options, interrupted),
    ),
  )
    .option('-y, --yes', 'apply without asking')
    .option('--dry-run', 'show the difference and apply nothing')
    .addOption(expectVersion())
    .addHelpText(
      'after',
      examples(
        'apply -f acme.realm.yaml',
        'apply -f acme.realm.yaml --dry-run',
        'apply -f acme.realm.yaml --yes --expect-version 12',
        'apply -f - --yes < acme.realm.yaml',
      ),
    );
  withLimit(
    withFile(
      add<WhatIfCommandOptions>(
        program,
        'what-if',
        'decide everybody by a draft, and say what would differ; nothing is changed',
        (session, options) => whatIf(session, options, interrupted),
      ),
    ),
  )
    .option('--at <day>', 'on the facts of this past day, beside what was decided then')
    .option('--people', 'also for whom something differs')
    .option('--portal <portal>', 'people of this portal only')
    .addOption(new Option('--effect <effect>', 'people with this effect only').choices(EFFECTS))
    .addHelpText(
      'after',
      examples(
        'what-if -f draft.yaml',
        'what-if -f draft.yaml --portal emea-sales --effect withheld',
        'what-if -f draft.yaml --at 2026-01-31 --people --all -o json',
      ),
    );
  const realmOptions = (command: Command) =>
    command
      .addOption(new Option('--of-version <version>', 'as this version had it').argParser(wholeNumber))
      .addHelpText('after', examples('realm get > acme.realm.yaml', 'export --of-version 3'));
  const realm = program.command('realm').description('the realm as it is stored');
  realmOptions(add<RealmGetOptions>(realm, 'get', 'the realm as a file that applies with no change', getRealm));
  realmOptions(add<RealmGetOptions>(program, 'export', 'the same as realm get', getRealm));
};

const addVersionCommands = (program: Command, add: Add, interrupted: AbortSignal): void => {
  const policy = program.command('policy').description('every version of the policy, and the examples saved with it');
  withLimit(add<ListOptions>(policy, 'history', 'every version, newest first', history)).addHelpText(
    'after',
    examples('policy history', 'policy history --all -o json'),
  );
  add(policy, 'show', 'a version, with its document', (session, _options, [version = '']) =>
    showVersion(session, versionOf(version)),
  )
    .argument('<version>', 'a number of policy history')
    .addHelpText('after', examples('policy show 3'));
  add(policy, 'diff', 'what two versions differ in', (session, _options, [from = '', to]) =>
    diffVersions(session, versionOf(from), to === undefined ? undefined : versionOf(to)),
  )
    .argument('<from>', 'a version')
    .argument('[to]', 'another one; the stored one unless told')
    .addHelpText('after', examples('policy diff 3', 'policy diff 2 3 -o json'));
  add<RollbackOptions>(
    policy,
    'rollback',
    'make a new version of an old one’s content',
    (session, options, [version = '']) => rollback(session, versionOf(version), options, interrupted),
  )
    .argument('<version>', 'whose content is to be in force again')
    .option('-y, --yes', 'go back without asking')
    .option('--dry-run', 'show the difference and apply nothing')
    .addOption(expectVersion())
    .addHelpText('after', examples('policy rollback 3', 'policy rollback 3 --dry-run', 'policy rollback 3 --yes'));
  add(policy, 'examples', 'the examples saved with the policy, and how they stand', listExamples).addHelpText(
    'after',
    examples('policy examples', 'policy examples -o json'),
  );
};

const addAccessCommands = (program: Command, add: Add): void => {
  add<ExplainOptions>(
    program,
    'explain',
    'why a person has access or not, and what would change it',
    (session, options, [person = '', portal]) => explain(session, person, portal, options),
  )
    .argument('<person>', 'an employee id, an e-mail address, or a name')
    .argument('[portal]', 'this portal only')
    .option('--at <when>', 'a moment, past or ahead, or a day: its last moment in the company’s time zone')
    .addHelpText(
      'after',
      examples('explain 109', 'explain ada@acme.example emea-sales', 'explain "Ada Moss" --at 2026-01-31 -o json'),
    );
  add<EndAccessOptions>(
    program,
    'end-access',
    'end the access of everybody in a portal, or in all; says how many first',
    (session, options, [portal]) => endAccess(session, portal, options),
  )
    .argument('[portal]', 'the portal')
    .option('--all', 'every portal of the tenant')
    .addOption(
      new Option('--confirm <cells>', 'the number of cells, where nobody can be asked').argParser(numberFromZero),
    )
    .addHelpText('after', examples('end-access emea-sales', 'end-access emea-sales --confirm 37', 'end-access --all'));
  add<RetireOptions>(program, 'retire', 'take the tenant out: Portico stops there and touches no account', retire)
    .option('-y, --yes', 'without asking')
    .addHelpText('after', examples('retire --tenant acme'));
};

export const addPolicyCommands = (program: Command, terminal: Terminal, interrupted: AbortSignal): void => {
  const add: Add = (parent, name, description, action) => addCommand(parent, terminal, name, description, action);
  addFileCommands(program, add, interrupted);
  addVersionCommands(program, add, interrupted);
  addAccessCommands(program, add);
};
