import {
  normalise,
  refusalKey,
  type Account,
  type Cell,
  type CellPlan,
  type Invite,
  type Operation,
  type Person,
  type Portal,
  type Realm,
} from '../src/index.js';

interface VendorAccount {
  readonly id: string;
  readonly portal: string;
  email: string;
  firstName: string;
  enabled: boolean;
  accountExpires: string | null;
  readonly groups: Set<string>;
  customData: Record<string, string | null>;
}

interface VendorInvite {
  readonly id: string;
  readonly portal: string;
  readonly email: string;
  status: 'sent' | 'accepted' | 'canceled';
}

/** What policy wants of one person in one portal; the rest of the cell is what Portico remembers. */
export type Wanted = Pick<Cell, 'portal' | 'access' | 'leaving' | 'policyReason'> &
  Pick<Partial<Cell>, 'learner' | 'expiresOn' | 'isHeld'>;

interface Memory extends Pick<Partial<Cell>, 'link' | 'inviteId' | 'refusal' | 'written'> {
  readonly ownGroups?: readonly string[];
}

const account = (id: string, portal: string, email: string, firstName: string): VendorAccount => ({
  id,
  portal,
  email,
  firstName,
  enabled: true,
  accountExpires: null,
  groups: new Set(),
  customData: {},
});

const EMPLOYEE = '109';
/** A group that an admin put somebody in. */
export const BY_HAND = 'g-hand';

/**
 * A realm with LearnUpon's rules and one person's cells, as small as they can be: enough to perform a plan and look what
 * became of it. The mirror is always right.
 */
export class Vendor {
  readonly accounts: VendorAccount[] = [];
  readonly invites: VendorInvite[] = [];
  /** Every write, with what LearnUpon said. */
  readonly log: string[] = [];
  private readonly memory = new Map<string, Memory>();
  private nextId = 1;

  constructor(
    readonly realm: Realm,
    /** As it is set in LearnUpon, which is not always what was declared. */
    private readonly allowsDuplicates: boolean,
    private wanted: readonly Wanted[],
  ) {}

  addByHand(portal: string, email: string): void {
    const byHand = account(this.newId(), portal, email, 'Hand');
    byHand.groups.add(BY_HAND);
    Object.assign(byHand.customData, { team: 'Z', hobby: 'chess' });
    this.accounts.push(byHand);
  }

  want(wanted: readonly Wanted[]): void {
    this.wanted = wanted;
  }

  acceptAll(): void {
    for (const invite of this.invites) {
      if (invite.status !== 'sent') continue;
      invite.status = 'accepted';
      const { portal, email } = invite;
      if (this.accountIn(portal, email) !== undefined) continue;
      this.accounts.push(account(this.newId(), portal, email, 'Guest'));
    }
  }

  person(): Person {
    return { employeeId: EMPLOYEE, claimedByOthers: new Map(), cells: this.wanted.map((wanted) => this.cell(wanted)) };
  }

  /** Does what a plan says; answers whether anything was written. */
  perform(portal: Portal, plan: CellPlan): boolean {
    const memory: Memory = { ...this.memory.get(plan.portal) };
    const { inviteId: _, ...others } = memory;
    const isDone = ['converged', 'group-missing', 'field-missing'].includes(plan.reason);
    const link = plan.link ?? memory.link;
    const next = {
      ...(plan.inviteId === null ? others : memory),
      ...(link === undefined ? {} : { link: isDone ? { ...link, isFresh: false } : link }),
      ...(typeof plan.inviteId === 'string' ? { inviteId: plan.inviteId } : {}),
    };
    this.memory.set(plan.portal, next);
    if (plan.operation === undefined) return false;
    const said = this.call(portal.portal, plan.operation, next, plan.isPartial === true);
    this.log.push(`${plan.operation.kind} ${portal.portal} ${said}`);
    return true;
  }

  /** What an observer sees, without ids. */
  outcome(): unknown {
    const accounts = this.accounts
      .map(({ id: _, groups, ...shown }) => JSON.stringify({ ...shown, groups: [...groups].sort() }))
      .sort();
    const invites = this.invites.map(({ id: _, ...invite }) => JSON.stringify(invite)).sort();
    return { accounts, invites };
  }

  private call(portal: string, operation: Operation, memory: Memory, isFresh: boolean): string {
    switch (operation.kind) {
      case 'create':
        return this.create(portal, operation, memory, isFresh);
      case 'invite': {
        const isThere = this.accountIn(portal, operation.email) !== undefined;
        if (isThere || this.pendingIn(portal, operation.email)) throw new Error('the plan invites twice');
        const id = this.newId();
        this.invites.push({ id, portal, email: normalise(operation.email), status: 'sent' });
        this.memory.set(portal, { ...memory, inviteId: id });
        return 'done';
      }
      case 'cancel-invite':
        for (const invite of this.invites) if (invite.id === operation.inviteId) invite.status = 'canceled';
        this.memory.set(portal, {
          ...(memory.link ? { link: memory.link } : {}),
          ...(memory.refusal ? { refusal: memory.refusal } : {}),
        });
        return 'done';
      case 'check':
        throw new Error('every account is listed');
      case 'join-group':
      case 'leave-group':
        return this.moveGroup(portal, operation, memory);
      default:
        return this.update(portal, operation, memory);
    }
  }

  private moveGroup(
    portal: string,
    { kind, accountId, groupId }: Extract<Operation, { groupId: string }>,
    memory: Memory,
  ): string {
    const member = this.accounts.find(({ id }) => id === accountId);
    const own = memory.ownGroups ?? [];
    if (member === undefined || member.groups.has(groupId) === (kind === 'join-group'))
      throw new Error(`needless ${kind}`);
    if (kind === 'leave-group' && !own.includes(groupId)) throw new Error('the plan ends a membership by hand');
    member.groups[kind === 'join-group' ? 'add' : 'delete'](groupId);
    const ownGroups = kind === 'join-group' ? [...own, groupId] : own.filter((id) => id !== groupId);
    this.memory.set(portal, { ...memory, ownGroups });
    return 'done';
  }

  private create(
    portal: string,
    operation: Extract<Operation, { kind: 'create' }>,
    memory: Memory,
    isFresh: boolean,
  ): string {
    const email = normalise(operation.email ?? '');
    if (this.accountIn(portal, email) !== undefined) throw new Error('the plan creates twice');
    if (!this.allowsDuplicates && this.accounts.some((account) => account.email === email)) {
      const key = refusalKey(this.realm, 'refused-exists', operation);
      this.memory.set(portal, { ...memory, refusal: { reason: 'refused-exists', key } });
      return 'refused';
    }
    const id = this.newId();
    const made = account(id, portal, email, operation.firstName ?? '');
    Object.assign(made.customData, operation.customData);
    this.accounts.push(made);
    this.memory.set(portal, { link: { accountId: id, origin: 'created', isFresh } });
    return 'done';
  }

  private update(portal: string, operation: Extract<Operation, { accountId: string }>, memory: Memory): string {
    const account = this.accounts.find(({ id }) => id === operation.accountId);
    if (account === undefined) throw new Error('the plan writes to an account that is not there');
    if (operation.kind === 'disable') {
      const isTop = this.realm.portals.some(({ portal, topLevel }) => topLevel && portal === account.portal);
      for (const one of this.accounts)
        if (one === account || (isTop && one.email === account.email)) one.enabled = false;
    }
    if (operation.kind === 'enable') account.enabled = true;
    if ('changes' in operation) {
      const { email, firstName, customData, accountExpires } = operation.changes;
      if (accountExpires !== undefined) account.accountExpires = accountExpires;
      if (typeof accountExpires === 'string') this.memory.set(portal, { ...memory, written: { accountExpires } });
      if (email !== undefined) account.email = normalise(email);
      if (firstName !== undefined) account.firstName = firstName;
      Object.assign(account.customData, customData);
    }
    return 'done';
  }

  private cell(wanted: Wanted): Cell {
    const { portal } = wanted;
    const { ownGroups = [], ...memory } = this.memory.get(portal) ?? {};
    const linked = this.accounts.find(({ id }) => id === memory.link?.accountId);
    return {
      ...wanted,
      ...memory,
      groupIds: [...(linked?.groups ?? [])],
      ownGroupIds: ownGroups,
      accounts: this.accounts
        .filter((account) => account.portal === portal)
        .map((account) => this.toAccount(account, memory)),
      invites: this.invites.filter((invite) => invite.portal === portal).map(toInvite),
    };
  }

  private toAccount(account: VendorAccount, { link }: Memory): Account {
    const { id, email, firstName, enabled, customData, accountExpires } = account;
    return {
      accountId: id,
      email,
      username: null,
      firstName,
      lastName: 'Moss',
      language: null,
      enabled,
      userType: 'learner',
      accountExpires,
      customData,
      listed: true,
      ...(link?.accountId === id ? { ownerId: EMPLOYEE } : {}),
    };
  }

  private accountIn(portal: string, email: string): VendorAccount | undefined {
    return this.accounts.find((account) => account.portal === portal && account.email === normalise(email));
  }

  private pendingIn(portal: string, email: string): boolean {
    return this.invites.some(
      (invite) => invite.portal === portal && invite.email === normalise(email) && invite.status === 'sent',
    );
  }

  private newId(): string {
    return String(this.nextId++);
  }
}

const toInvite = ({ id, email, status }: VendorInvite): Invite => ({ inviteId: id, email, status, listed: true });
