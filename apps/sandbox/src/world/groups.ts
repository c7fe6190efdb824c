import type { Portal } from './portal.js';
import { counter, type RealmBase } from './realm-base.js';
import type { Account, Group } from './records.js';
import { refuse } from './user-input.js';

/** Groups of a portal and who is in them. */
export class Groups {
  private readonly nextGroupId = counter(5_001);
  private readonly nextMembershipId = counter(880_001);

  constructor(private readonly base: RealmBase) {}

  /** @throws RealmRefusal for a title that is empty, or another group's */
  create(portal: Portal, title: string, description: string): Group {
    if (title === '') refuse("Title can't be blank");
    if ([...portal.groups.values()].some((group) => group.title === title)) refuse('Title has already been taken');
    const now = this.base.clock.now();
    const group: Group = {
      id: this.nextGroupId(),
      portal,
      title,
      description,
      members: new Map(),
      createdAt: now,
      updatedAt: now,
    };
    portal.groups.set(group.id, group);
    return group;
  }

  /** @returns the number of the membership. @throws RealmRefusal for a member */
  join(group: Group, account: Account): number {
    if (group.members.has(account)) refuse('User is already a member of this group');
    const id = this.nextMembershipId();
    group.members.set(account, id);
    return id;
  }
}
