import { ask } from '../harness.js';
import { created, emails, invited, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('invites', () => {
  const listed = async (call = realm.academy) => (await call('GET', '/group_invites')).json.group_invite;

  test('a group invite: no user until the link is accepted, with the names of the invite', async () => {
    const id = await invited(realm.sales, 'ada@x.test', { first_name: 'Ada', last_name: 'Moss' });
    const [invite] = await listed(realm.sales);
    expect(invite).toMatchObject({
      id,
      invite_email_address: 'ada@x.test',
      invite_status: 'sent',
      group_id: null,
      accepted_at: null,
    });
    expect((await realm.sales('GET', '/users/search?email=ada%40x.test')).status).toBe(404);
    const url = `${realm.sandbox.learnupon[1]?.url}${invite.accept_url}`;
    expect((await ask(url)).text).toContain('<button>Accept</button>');
    expect((await ask(url, { method: 'POST' })).status).toBe(200);
    expect((await realm.sales('GET', '/users/search?email=ada%40x.test')).json.user[0]).toMatchObject({
      first_name: 'Ada',
      user_type: 'learner',
    });
    expect((await listed(realm.sales))[0]).toMatchObject({
      invite_status: 'accepted',
      accepted_at: expect.any(String),
    });
    expect((await ask(url, { method: 'POST' })).status).toBe(422);
  });

  test('somebody known in the realm keeps their names', async () => {
    await created(realm.academy, 'ada@x.test');
    await realm.accept(await invited(realm.sales, 'ada@x.test', { first_name: 'Adele' }));
    expect((await realm.sales('GET', '/users')).json.user[0].first_name).toBe('Ada');
  });

  test('a duplicate is refused or, by switch, sent again', async () => {
    const id = await invited(realm.academy, 'ada@x.test');
    const again = { GroupInvite: { email_addresses: 'Ada@x.test' } };
    const reply = await realm.academy('POST', '/group_invites', again);
    expect([reply.status, reply.json.message]).toEqual([
      400,
      expect.stringMatching(/duplicate invite.*already been invited/i),
    ]);
    await realm.switchTo({ duplicateGroupInvite: 'resend' });
    expect((await realm.academy('POST', '/group_invites', again)).json.group_invites).toEqual([
      { id, invite_email_address: 'ada@x.test' },
    ]);
    expect(await listed()).toMatchObject([{ num_reminders_sent: 1 }]);
    expect((await realm.control('GET', '/mailbox')).mails).toHaveLength(2);
  });

  test('of several addresses those that can be invited are', async () => {
    await invited(realm.academy, 'ada@x.test');
    const reply = await realm.academy('POST', '/group_invites', {
      GroupInvite: { email_addresses: 'ada@x.test, tom@x.test,nobody' },
    });
    expect(reply.json.group_invites.map((row: { invite_email_address: string }) => row.invite_email_address)).toEqual([
      'tom@x.test',
    ]);
  });

  test('a portal invite: listed or not, again or not, by switch', async () => {
    const invite = {
      Invite: { email: 'ada@x.test', portal_membership_type_id: 3, CustomData: { Department: 'Sales' } },
    };
    const reply = await realm.academy('POST', '/portal_invite', invite);
    expect(reply.json).toEqual({ portal_invite: { id: expect.any(Number), email: 'ada@x.test' } });
    expect(await listed()).toMatchObject([{ user_type: 'instructor' }]);
    expect((await realm.academy('POST', '/portal_invite', invite)).status).toBe(200);
    expect(await listed()).toHaveLength(2);
    await realm.switchTo({ portalInvitesListed: false, duplicatePortalInvite: 'refuse' });
    expect(await listed()).toEqual([]);
    expect((await realm.academy('POST', '/portal_invite', invite)).status).toBe(400);
    expect((await realm.accept(reply.json.portal_invite.id)).json).toMatchObject({
      userType: 'instructor',
      customData: { Department: 'Sales' },
    });
  });

  test('cancelled, it can not be accepted, and may be sent anew', async () => {
    const id = await invited(realm.academy, 'ada@x.test');
    expect((await realm.academy('DELETE', `/group_invites/${id}`)).json).toEqual({});
    expect((await realm.accept(id)).status).toBe(409);
    expect((await realm.academy('DELETE', '/group_invites/5')).status).toBe(404);
    await invited(realm.academy, 'ada@x.test');
    expect((await listed()).map((row: { invite_status: string }) => row.invite_status)).toEqual(['canceled', 'sent']);
    expect((await realm.academy('GET', `/group_invites/${id}`)).json.group_invite).toHaveLength(1);
  });

  test('declined, it can not be accepted', async () => {
    const id = await invited(realm.sales, 'ada@x.test');
    const [{ accept_url }] = await listed(realm.sales);
    const url = `${realm.sandbox.learnupon[1]?.url}${accept_url}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await ask(url, { method: 'POST', headers, body: 'decision=reject' })).text).toContain('declined');
    expect((await listed(realm.sales))[0].invite_status).toBe('rejected');
    expect((await realm.accept(id)).status).toBe(409);
  });

  test('expires after so many hours, by switch', async () => {
    await realm.switchTo({ inviteExpiresHours: 72 });
    const id = await invited(realm.academy, 'ada@x.test');
    await realm.advance('P4D');
    expect((await realm.accept(id)).json.error).toMatch(/expired/);
    expect(await invited(realm.academy, 'ada@x.test')).toBeGreaterThan(id);
  });

  test('a member is not invited', async () => {
    await created(realm.academy, 'ada@x.test');
    expect(
      (await realm.academy('POST', '/group_invites', { GroupInvite: { email_addresses: 'ada@x.test' } })).json.message,
    ).toMatch(/already/);
  });

  test('who accepts an invite to a group is in it', async () => {
    const { id } = (await realm.academy('POST', '/groups', { Group: { title: 'Newcomers' } })).json;
    const [unrelated, invite] = [
      await invited(realm.academy, 'tom@x.test'),
      await invited(realm.academy, 'ada@x.test', { group_id: id }),
    ];
    const ofGroup = (await realm.academy('GET', `/group_invites?group_id=${id}`)).json.group_invite;
    expect(ofGroup.map((row: { id: number }) => row.id)).toEqual([invite]);
    await realm.accept(invite);
    await realm.accept(unrelated);
    expect(emails(await realm.academy('GET', `/group_memberships?group_id=${id}`))).toEqual(['ada@x.test']);
  });
});
