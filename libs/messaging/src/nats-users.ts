import type { Topology, UserDescription } from './topology.js';

/** NATS reads its configuration as a superset of JSON. */
const list = (subjects: readonly string[]): string =>
  `[${subjects.map((subject) => JSON.stringify(subject)).join(', ')}]`;

const passwordOf = (user: string, passwords: Readonly<Record<string, string>>): string => {
  const password = passwords[user];
  if (!password)
    throw new RangeError(`no password for the NATS user ${user}: give one (plain or bcrypt) for each user`);
  return password;
};

/** Nest answers a question with one message, or with two where the answer's stream ends later. */
const RESPONSES = 'allow_responses: { max: 2, expires: "2m" }';

const renderUser = ({ user, publish, subscribe, answers }: UserDescription, password: string): string =>
  [
    `    {`,
    `      user: ${JSON.stringify(user)}, password: ${JSON.stringify(password)}`,
    `      permissions: {`,
    `        publish: { allow: ${list(publish)} }`,
    `        subscribe: { allow: ${list(subscribe)} }`,
    ...(answers ? [`        ${RESPONSES}`] : []),
    `      }`,
    `    }`,
  ].join('\n');

/**
 * The `authorization` block for nats.conf, with every user of the topology.
 * @param passwords by user, plain or bcrypt
 * @throws RangeError naming the user that has none
 */
export const renderNatsUsers = (topology: Topology, passwords: Readonly<Record<string, string>>): string =>
  [
    'authorization {',
    '  users: [',
    ...topology.users.map((user) => renderUser(user, passwordOf(user.user, passwords))),
    '  ]',
    '}',
    '',
  ].join('\n');
