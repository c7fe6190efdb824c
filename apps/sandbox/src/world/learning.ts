import type { Actor } from './audit.js';
import type { Portal } from './portal.js';
import { counter, type RealmBase } from './realm-base.js';
import {
  COMPLETED,
  type Account,
  type CompletedStatus,
  type Course,
  type Enrolment,
  type Invite,
  type PendingEnrolment,
} from './records.js';
import { RealmRefusal, refuse } from './user-input.js';

export interface EnrolmentInput {
  readonly groupId?: number;
  readonly dueDate?: string | null;
  readonly expiresAt?: string | null;
  /** Once more for somebody who completed it. */
  readonly again?: boolean;
}

const isCompleted = ({ status }: Enrolment): boolean => (COMPLETED as readonly string[]).includes(status);

/** Courses and who is enrolled in them: as much as changes of accounts and groups bring about. */
export class Learning {
  private readonly nextCourseId = counter(1_321_001);
  private readonly nextEnrolmentId = counter(9_901_001);
  private readonly nextPendingId = counter(61_001);

  constructor(private readonly base: RealmBase) {}

  addCourse(portal: Portal, name: string): Course {
    if (name === '') refuse("Name can't be blank");
    const course = { id: this.nextCourseId(), name, createdAt: this.base.clock.now() };
    portal.learning.courses.set(course.id, course);
    return course;
  }

  /** @throws RealmRefusal */
  course(portal: Portal, by: { id?: number; name?: string }): Course {
    const { courses } = portal.learning;
    const found = by.id === undefined ? [...courses.values()].find(({ name }) => name === by.name) : courses.get(by.id);
    return found ?? notFound('Course not found');
  }

  /** @throws RealmRefusal */
  get(portal: Portal, id: number): Enrolment {
    return portal.learning.enrolments.get(id) ?? notFound('Enrollment not found');
  }

  /** @throws RealmRefusal for somebody who is enrolled */
  enrol(account: Account, course: Course, input: EnrolmentInput = {}): Enrolment {
    const known = this.find(account, course);
    if (known && !(input.again === true && isCompleted(known))) refuse('User is already enrolled on this course');
    return this.add(account, course, input);
  }

  /** Does nothing for somebody who is enrolled, or whose login is disabled. */
  enrolQuietly(account: Account, course: Course, groupId?: number): void {
    if (account.enabled && !this.find(account, course))
      this.add(account, course, groupId === undefined ? {} : { groupId });
  }

  /** The course that a portal gives to everybody new, where the switch says so. */
  welcome(account: Account): void {
    const [first] = account.portal.learning.courses.values();
    if (first && this.base.switches.autoEnrolOnCreate) this.enrolQuietly(account, first);
  }

  update(enrolment: Enrolment, { dueDate, expiresAt }: EnrolmentInput): void {
    if (dueDate !== undefined) enrolment.dueDate = dueDate;
    if (expiresAt !== undefined) enrolment.expiresAt = expiresAt;
    enrolment.updatedAt = this.base.clock.now();
  }

  complete(enrolment: Enrolment, status: CompletedStatus, percentage: number | null, at: number): void {
    Object.assign(enrolment, { status, percentage, completedAt: at, updatedAt: this.base.clock.now() });
    enrolment.startedAt ??= at;
    const { account, course } = enrolment;
    account.portal.audit.record('set complete', 'api', { account, data: course.name });
  }

  /** What was completed stays, silently, unless it goes from the history too. */
  remove(enrolment: Enrolment, fromHistory: boolean, by: Actor = 'api'): void {
    if (isCompleted(enrolment) && !fromHistory) return;
    const { account, course } = enrolment;
    this.drop(enrolment);
    account.portal.audit.record('user unenrolled', by, { account, data: course.name });
  }

  removeFrom(account: Account, course: Course): void {
    const enrolment = this.find(account, course);
    if (enrolment) this.remove(enrolment, false);
  }

  ofAccount(account: Account): readonly Enrolment[] {
    return [...(account.portal.learning.byAccount.get(account) ?? [])];
  }

  /** An account is gone, and its training history. */
  forget(account: Account): void {
    for (const enrolment of this.ofAccount(account)) this.drop(enrolment);
  }

  /** @throws RealmRefusal for an invite that is not open, or a course that waits for it already */
  prepare(invite: Invite, course: Course): PendingEnrolment {
    const { pending } = invite.portal.learning;
    if (invite.status !== 'sent') refuse(`Invite was ${invite.status}`);
    if ([...pending.values()].some((each) => each.invite === invite && each.course === course))
      refuse('Course has already been assigned to this invite');
    const prepared = { id: this.nextPendingId(), invite, course, createdAt: this.base.clock.now() };
    pending.set(prepared.id, prepared);
    return prepared;
  }

  /** An invite was accepted: what waited for it begins. */
  begin(invite: Invite, account: Account): void {
    for (const pending of invite.portal.learning.pending.values())
      if (pending.invite === invite) this.enrolQuietly(account, pending.course);
  }

  private find(account: Account, course: Course): Enrolment | undefined {
    // The newest counts: somebody may have done a course before.
    return this.ofAccount(account).findLast((enrolment) => enrolment.course === course);
  }

  private add(account: Account, course: Course, input: EnrolmentInput): Enrolment {
    const now = this.base.clock.now();
    const enrolment: Enrolment = {
      id: this.nextEnrolmentId(),
      course,
      account,
      groupId: input.groupId ?? null,
      status: 'not_started',
      percentage: null,
      dueDate: input.dueDate ?? null,
      expiresAt: input.expiresAt ?? null,
      createdAt: now,
      updatedAt: now,
      startedAt: null,
      completedAt: null,
    };
    const { enrolments, byAccount } = account.portal.learning;
    enrolments.set(enrolment.id, enrolment);
    byAccount.set(account, (byAccount.get(account) ?? new Set()).add(enrolment));
    return enrolment;
  }

  private drop(enrolment: Enrolment): void {
    const { enrolments, byAccount } = enrolment.account.portal.learning;
    enrolments.delete(enrolment.id);
    byAccount.get(enrolment.account)?.delete(enrolment);
  }
}

const notFound = (message: string): never => {
  throw new RealmRefusal('not-found', message);
};
