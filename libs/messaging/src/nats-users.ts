import type { SubjectImport, Topology, UserDescription } from './topology.js';

/** Where streams, services and the admin API are. */
const ACCOUNT = 'PORTICO';
const accountOf = ({ user, imports }: UserDescription): string => (imports ? `PORTICO_OUTSIDE_${user}` : ACCOUNT);

/** NATS reads its configuration as a superset of JSON. */
const text = (value: string): string => JSON.stringify(value);
const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;
const block = (head: string, lines: readonly string[]): string[] => [
  `${head} {`,
  ...lines.map((line) => `  ${line}`),
  '}',
];
const array = (head: string, lines: readonly string[]): string[] => [
  `${head}: [`,
  ...lines.map((line) => `  ${line}`),
  ']',
];

const passwordOf = (user: string, passwords: Readonly<Record<string, string>>): string => {
  const password = passwords[user];
  if (!password)
    throw new RangeError(`no password for the NATS user ${user}: give one (plain or bcrypt) for each user`);
  return password;
};

/** Nest answers a question with one message, or with two where the answer's stream ends later. */
const RESPONSES = 'allow_responses: { max: 2, expires: "2m" }';

const renderUser = ({ user, publish, subscribe, answers }: UserDescription, password: string): string[] =>
  block('', [
    `user: ${text(user)}, password: ${text(password)}`,
    ...block('permissions:', [
      `publish: { allow: ${list(publish)} }`,
      `subscribe: { allow: ${list(subscribe)} }`,
      ...(answers ? [RESPONSES] : []),
    ]),
  ]);

const renderExport = (account: string, { subject, isStream }: SubjectImport): string =>
  `{ service: ${text(subject)}, ${isStream ? 'response: stream, ' : ''}accounts: ${list([account])} }`;

const renderImport = ({ subject, as }: SubjectImport): string =>
  `{ service: { account: ${ACCOUNT}, subject: ${text(subject)} }, to: ${text(as)} }`;

/**
 * The `accounts` block for nats.conf, with every user of the topology: Portico's account, and one for each outside
 * consumer. JetStream itself (`jetstream { … }`) is the rest of nats.conf's.
 * @param passwords by user, plain or bcrypt
 * @throws RangeError naming the user that has none
 */
export const renderNatsUsers = (topology: Topology, passwords: Readonly<Record<string, string>>): string => {
  const render = (user: UserDescription) => renderUser(user, passwordOf(user.user, passwords));
  const inside = topology.users.filter(({ imports }) => !imports);
  const outside = topology.users.filter(({ imports }) => imports);
  const exports = outside.flatMap((user) => (user.imports ?? []).map((each) => renderExport(accountOf(user), each)));
  const portico = block(ACCOUNT, [
    'jetstream: enabled',
    ...array('users', inside.flatMap(render)),
    ...array('exports', exports),
  ]);
  const others = outside.flatMap((user) =>
    block(text(accountOf(user)), [
      ...array('users', render(user)),
      ...array('imports', (user.imports ?? []).map(renderImport)),
    ]),
  );
  return [...block('accounts', [...portico, ...others]), ''].join('\n');
};
