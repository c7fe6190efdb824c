import { malformed } from './classify.js';
import { httpTransport, type HttpAnswer, type LearnUponOptions } from './http-transport.js';
import type { LearnUponClient, LearnUponUser, NewInvite, UserPage } from './learnupon.client.js';
import { LearnUponError } from './learnupon.error.js';
import {
  definitionsOf,
  fromNewUser,
  fromPatch,
  labelsOf,
  rowsOf,
  toGroup,
  toInvite,
  toPortal,
  toUser,
} from './wire.js';

const USERS = ['user', 'users'];
const INVITES = ['group_invite', 'group_invites'];
const MEMBERSHIPS = '/group_memberships';
/** Without it users have no time zone. */
const VERSION = { version_id: '1.2' };

/** Without the header a full page may have another one behind it; a list cut short must never pass for a whole one. */
const hasNext = ({ header }: HttpAnswer, rows: readonly unknown[]): boolean => {
  const told = header('lu-has-next-page');
  if (told !== undefined) return told === 'true' && rows.length > 0;
  return rows.length === Number(header('lu-records-per-page') ?? 500);
};

const idOf = (row: unknown, call: string): string => {
  const id = (row as { id?: unknown } | undefined)?.id;
  if (id === undefined || id === null) throw malformed(call, true, 'a success without an id');
  return String(id);
};

const undefinedWhenAbsent = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LearnUponError && error.code === 'not-found') return undefined;
    throw error;
  }
};

/** LearnUpon's REST API v1, one portal with its own pair of keys. Every failure is a `LearnUponError`. */
export const createLearnUponClient = (options: LearnUponOptions): LearnUponClient => {
  const { send, close } = httpTransport(options);

  const readUsers = (answer: HttpAnswer, call: string): LearnUponUser[] => {
    const rows = rowsOf(answer.body, USERS);
    if (rows === undefined) throw malformed(call, false, 'a success without users');
    const labels = labelsOf(answer.body);
    return rows.map((row) => toUser(row, labels));
  };

  return {
    close,

    listUsers: async (page): Promise<UserPage> => {
      const answer = await send({ method: 'GET', route: '/users', query: { page, ...VERSION } });
      const users = readUsers(answer, 'GET /users');
      const customFields = definitionsOf(answer.body);
      return { users, hasNext: hasNext(answer, users), ...(customFields === undefined ? {} : { customFields }) };
    },

    getUser: (id) =>
      undefinedWhenAbsent(async () => {
        const path = `/users/${encodeURIComponent(id)}`;
        const answer = await send({ method: 'GET', route: '/users/{id}', path, query: VERSION });
        const user = readUsers(answer, 'GET /users/{id}').find((each) => each.id === id);
        // Only a 404 says that nobody has this id.
        if (user === undefined) throw malformed('GET /users/{id}', false, 'a success without that user');
        return user;
      }),

    // A parameter that LearnUpon does not know is ignored and everybody comes back: look at each row again.
    findUser: (by) =>
      undefinedWhenAbsent(async () => {
        const answer = await send({ method: 'GET', route: '/users/search', query: { ...by, ...VERSION } });
        const isWanted = (user: LearnUponUser) =>
          'email' in by
            ? user.email?.toLowerCase() === by.email.toLowerCase()
            : user.username?.toLowerCase() === by.username.toLowerCase();
        return readUsers(answer, 'GET /users/search').find(isWanted);
      }),

    createUser: async (user) => {
      const { body } = await send({ method: 'POST', route: '/users', body: fromNewUser(user) });
      return { id: idOf(body, 'POST /users') };
    },

    updateUser: async (id, patch) => {
      const path = `/users/${encodeURIComponent(id)}`;
      await send({ method: 'PUT', route: '/users/{id}', path, body: fromPatch(patch) });
    },

    listInvites: async (page) => {
      const answer = await send({ method: 'GET', route: '/group_invites', query: { page } });
      const rows = rowsOf(answer.body, INVITES);
      if (rows === undefined) throw malformed('GET /group_invites', false, 'a success without invites');
      return { invites: rows.map((row) => toInvite(row, options.baseUrl)), hasNext: hasNext(answer, rows) };
    },

    createInvite: async ({ email, firstName, lastName }: NewInvite) => {
      const GroupInvite = {
        email_addresses: email,
        first_name: firstName,
        last_name: lastName,
        group_membership_type_id: 1,
      };
      const { body } = await send({ method: 'POST', route: '/group_invites', body: { GroupInvite } });
      return { id: idOf(rowsOf(body, INVITES)?.[0], 'POST /group_invites') };
    },

    cancelInvite: async (id) => {
      const path = `/group_invites/${encodeURIComponent(id)}`;
      await undefinedWhenAbsent(() => send({ method: 'DELETE', route: '/group_invites/{id}', path }));
    },

    listGroups: async (page) => {
      const answer = await send({ method: 'GET', route: '/groups', query: { page } });
      const rows = rowsOf(answer.body, ['groups', 'group']);
      if (rows === undefined) throw malformed('GET /groups', false, 'a success without groups');
      return { groups: rows.map(toGroup), hasNext: hasNext(answer, rows) };
    },

    // With version_id 1.1 a row's id is the membership's; without, the user's.
    listMembers: async (groupId, page) => {
      const answer = await send({ method: 'GET', route: MEMBERSHIPS, query: { group_id: groupId, page } });
      const rows = rowsOf(answer.body, USERS);
      if (rows === undefined) throw malformed(`GET ${MEMBERSHIPS}`, false, 'a success without users');
      return { userIds: rows.map((row) => String(row['id'])), hasNext: hasNext(answer, rows) };
    },

    listGroupsOf: async (userId) => {
      const answer = await send({ method: 'GET', route: MEMBERSHIPS, query: { user_id: userId } });
      const rows = rowsOf(answer.body, ['group', 'groups']);
      if (rows === undefined) throw malformed(`GET ${MEMBERSHIPS}`, false, 'a success without groups');
      return rows.map((row) => String(row['id']));
    },

    joinGroup: async (groupId, userId) => {
      const GroupMembership = { group_id: groupId, user_id: userId, process_enrollments: true };
      try {
        await send({ method: 'POST', route: MEMBERSHIPS, body: { GroupMembership } });
        return 'joined';
      } catch (error) {
        if (error instanceof LearnUponError && error.kind === 'permanent' && /already/i.test(error.message))
          return 'already';
        throw error;
      }
    },

    leaveGroup: async (groupId, userId) => {
      const body = { GroupMembership: { group_id: groupId, user_id: userId } };
      const path = `${MEMBERSHIPS}/0`;
      await undefinedWhenAbsent(() => send({ method: 'DELETE', route: `${MEMBERSHIPS}/{id}`, path, body }));
    },

    listPortals: async () => {
      const { body } = await send({ method: 'GET', route: '/portals' });
      return (rowsOf(body, ['portals', 'portal']) ?? []).map(toPortal);
    },
  };
};
