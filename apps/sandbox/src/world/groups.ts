import type { Actor } from './audit.js';
import type { Learning } from './learning.js';
import type { Portal } from './portal.js';
import { counter, type RealmBase } from './realm-base.js';
import type { Account, Course, Group, GroupCourse, GroupManager } from './records.js';
import { RealmRefusal, refuse } from './user-input.js';

/** Groups of a portal: who is in them, who manages them, and the courses that come with them. */
export class Groups {
  private readonly nextGroupId = counter(5_001);
  private readonly nextMembershipId = counter(880_001);
  private readonly nextManagerId = counter(41_001);
  private readonly nextGroupCourseId = counter(31_001);

  constructor(
    private readonly base: RealmBase,
    private readonly learning: Learning,
  ) {}

  /** @throws RealmRefusal */
  get(portal: Portal, id: number): Group {
    const group = portal.groups.get(id);
    if (!group) throw new RealmRefusal('not-found', 'Group not found');
    return group;
  }

  /** @throws RealmRefusal for a title that is empty, or another group's */
  create(portal: Portal, title: string, description: string): Group {
    this.checkTitle(portal, title);
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

  /** @throws RealmRefusal for a title that is empty, or another group's */
  update(group: Group, { title, description }: { title?: string; description?: string }): void {
    if (title !== undefined && title !== group.title) this.checkTitle(group.portal, title);
    group.title = title ?? group.title;
    group.description = description ?? group.description;
    group.updatedAt = this.base.clock.now();
  }

  /** @param unenrol also from the group's courses, where these are not completed */
  remove(group: Group, unenrol: boolean, by: Actor = 'api'): void {
    const { portal } = group;
    if (unenrol) for (const account of group.members.keys()) this.unenrol(group, account);
    for (const [id, { group: managed }] of portal.managers) if (managed === group) portal.managers.delete(id);
    for (const [id, { group: with_ }] of portal.groupCourses) if (with_ === group) portal.groupCourses.delete(id);
    portal.groups.delete(group.id);
    portal.audit.record('group deleted', by, { data: group.title });
  }

  /**
   * @param enrol in the group's courses; they don't apply to an account that is disabled
   * @returns the number of the membership
   * @throws RealmRefusal for a member
   */
  join(group: Group, account: Account, enrol = true): number {
    if (group.members.has(account)) refuse('User is already a member of this group');
    const id = this.nextMembershipId();
    group.members.set(account, id);
    if (enrol) for (const course of this.coursesOf(group)) this.learning.enrolQuietly(account, course, group.id);
    return id;
  }

  leave(group: Group, account: Account, unenrol: boolean, by: Actor = 'api'): void {
    if (!group.members.delete(account)) return;
    if (unenrol) this.unenrol(group, account);
    group.portal.audit.record('removed from group', by, { account, data: group.title });
  }

  /** @throws RealmRefusal for somebody who manages it already */
  manage(group: Group, account: Account, canCreateUsers: boolean): GroupManager {
    const { managers } = group.portal;
    if ([...managers.values()].some((each) => each.group === group && each.account === account))
      refuse('User is already a manager of this group');
    const manager = { id: this.nextManagerId(), group, account, canCreateUsers, createdAt: this.base.clock.now() };
    managers.set(manager.id, manager);
    return manager;
  }

  /**
   * The course comes with the group from now on, for its members too.
   * @param again also for those who completed it
   * @throws RealmRefusal for a course that does already
   */
  attach(group: Group, course: Course, again: boolean): GroupCourse {
    if (this.coursesOf(group).includes(course)) refuse('Course has already been assigned to this group');
    const attached = { id: this.nextGroupCourseId(), group, course };
    group.portal.groupCourses.set(attached.id, attached);
    for (const account of group.members.keys()) {
      const done = this.learning.ofAccount(account).findLast((enrolment) => enrolment.course === course);
      if (again && account.enabled && done?.completedAt)
        this.learning.enrol(account, course, { groupId: group.id, again });
      else this.learning.enrolQuietly(account, course, group.id);
    }
    return attached;
  }

  detach({ id, group, course }: GroupCourse, unenrol: boolean): void {
    group.portal.groupCourses.delete(id);
    if (unenrol) for (const account of group.members.keys()) this.learning.removeFrom(account, course);
  }

  /** An account is gone. */
  forget(account: Account): void {
    const { groups, managers } = account.portal;
    for (const group of groups.values()) group.members.delete(account);
    for (const [id, manager] of managers) if (manager.account === account) managers.delete(id);
  }

  coursesOf(group: Group): Course[] {
    return [...group.portal.groupCourses.values()].flatMap((each) => (each.group === group ? [each.course] : []));
  }

  private unenrol(group: Group, account: Account): void {
    for (const course of this.coursesOf(group)) this.learning.removeFrom(account, course);
  }

  private checkTitle(portal: Portal, title: string): void {
    if (title === '') refuse("Title can't be blank");
    if ([...portal.groups.values()].some((group) => group.title === title)) refuse('Title has already been taken');
  }
}
