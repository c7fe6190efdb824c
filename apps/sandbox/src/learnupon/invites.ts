import { jsonAnswer, type Answer } from '../http/call.js';
import type { InviteInput } from '../world/invites.js';
import { errorAnswer, unwrapped } from './answers.js';
import { pageAnswer } from './pages.js';
import {
  idIn,
  isObject,
  numberOf,
  textOf,
  textOrNull,
  unwrap,
  wanted,
  type Json,
  type PortalCall,
  type PortalHandler,
} from './request.js';
import { RealmRefusal } from '../world/user-input.js';
import type { Invite } from '../world/records.js';
import { inviteJson } from './wire.js';

const inviteInput = (kind: InviteInput['kind'], body: Json, email: string | null): InviteInput => ({
  kind,
  email,
  username: textOrNull(body['username']),
  firstName: textOrNull(body['first_name']),
  lastName: textOrNull(body['last_name']),
  groupId: numberOf(body['group_id']) ?? null,
  membershipTypeId: numberOf(body['portal_membership_type_id'] ?? body['group_membership_type_id']) ?? 1,
  accountExpires: textOrNull(body['expires_at']),
  customData: isObject(body['CustomData']) ? body['CustomData'] : {},
});

const inviteAnswer = (call: PortalCall, invites: readonly Invite[]): Answer => {
  const definitions = JSON.stringify(call.portal.definitionsOnWire());
  return pageAnswer(call, invites, inviteJson, `{"customDataFieldDefinitions":${definitions},"group_invite":[`);
};

const listInvites: PortalHandler = (call) => {
  const groupId = wanted(call, 'group_id');
  const invites = call.realm.invites.list(call.portal);
  return inviteAnswer(call, groupId === undefined ? invites : invites.filter((invite) => invite.groupId === groupId));
};

const getInvite: PortalHandler = (call) => {
  const invite = call.realm.invites.list(call.portal).find(({ id }) => id === idIn(call));
  return invite ? inviteAnswer(call, [invite]) : errorAnswer(404, 'Group invite not found');
};

/** Of several addresses, those that can't be invited are left out; only when none can is it an error. */
const createGroupInvites: PortalHandler = (call) => {
  const body = unwrap(call, 'GroupInvite');
  if (!body) return unwrapped('group invite');
  const addresses = (textOf(body['email_addresses']) ?? '').split(',').map((address) => address.trim());
  const invites: Invite[] = [];
  let refusal: unknown = new RealmRefusal('refused', "Email addresses can't be blank");
  for (const address of addresses.filter((text) => text !== '')) {
    try {
      invites.push(call.realm.invites.create(call.portal, inviteInput('group', body, address)));
    } catch (error) {
      refusal = error;
    }
  }
  if (invites.length === 0) throw refusal;
  return jsonAnswer({ group_invites: invites.map(({ id, email }) => ({ id, invite_email_address: email })) });
};

const createPortalInvite: PortalHandler = (call) => {
  const body = unwrap(call, 'Invite');
  if (!body) return unwrapped('invite');
  const { id, email } = call.realm.invites.create(call.portal, inviteInput('portal', body, textOrNull(body['email'])));
  return jsonAnswer({ portal_invite: { id, email } });
};

const cancelInvite: PortalHandler = (call) => {
  call.realm.invites.cancel(call.portal, idIn(call));
  return jsonAnswer({});
};

export const inviteRoutes: Readonly<Record<string, PortalHandler>> = {
  'GET /group_invites': listInvites,
  'GET /group_invites/:id': getInvite,
  'POST /group_invites': createGroupInvites,
  'DELETE /group_invites/:id': cancelInvite,
  'POST /portal_invite': createPortalInvite,
};
