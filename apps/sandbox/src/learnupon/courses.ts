import { jsonAnswer } from '../http/call.js';
import { RealmRefusal } from '../world/user-input.js';
import type { Course, Enrolment, GroupCourse, PendingEnrolment } from '../world/records.js';
import { errorAnswer, unwrapped } from './answers.js';
import { listAnswer } from './pages.js';
import {
  booleanOf,
  idIn,
  numberOf,
  textOf,
  unwrap,
  wanted,
  type Json,
  type PortalCall,
  type PortalHandler,
} from './request.js';
import { moment } from './wire.js';

const courseOnWire = ({ portal }: PortalCall): ((course: Course) => object) => {
  const counts = new Map<Course, number>();
  for (const { course } of portal.learning.enrolments.values()) counts.set(course, (counts.get(course) ?? 0) + 1);
  return (course) => ({
    id: course.id,
    name: course.name,
    version: 1,
    source_id: course.id,
    created_at: moment(course.createdAt),
    date_published: moment(course.createdAt),
    num_enrolled: counts.get(course) ?? 0,
    number_of_modules: 1,
    sellable: false,
    cataloged: false,
    published_status_id: 'published',
    difficulty_level: 'not_applicable',
  });
};

/** `?id=` is unknown and ignored, as seen; there is no `GET /courses/{id}`. */
const listCourses: PortalHandler = (call) => {
  const name = call.query.get('name')?.toLowerCase();
  const id = wanted(call, 'course_id');
  const courses = [...call.portal.learning.courses.values()].filter(
    (course) =>
      (name === undefined || course.name.toLowerCase().includes(name)) && (id === undefined || course.id === id),
  );
  return listAnswer(call, 'courses', courses, courseOnWire(call));
};

const createCourse: PortalHandler = (call) => {
  const body = unwrap(call, 'Course');
  if (!body) return unwrapped('course');
  return jsonAnswer({ id: call.realm.learning.addCourse(call.portal, textOf(body['name']) ?? '').id });
};

const deleteCourse: PortalHandler = ({ realm, portal, params }) => {
  const course = realm.learning.course(portal, { id: idIn({ params }) });
  const isUsed = ({ course: used }: Enrolment | GroupCourse): boolean => used === course;
  if ([...portal.learning.enrolments.values()].some(isUsed))
    throw new RealmRefusal('refused', 'Course has enrolled learners');
  for (const [id, attached] of portal.groupCourses) if (isUsed(attached)) portal.groupCourses.delete(id);
  portal.learning.courses.delete(course.id);
  portal.audit.record('course deleted', 'api', { data: course.name });
  return jsonAnswer({});
};

/** The course that a body names by its number or its whole name. @throws RealmRefusal */
export const courseIn = ({ realm, portal }: PortalCall, body: Json): Course => {
  const id = numberOf(body['course_id']);
  return realm.learning.course(portal, id === undefined ? { name: textOf(body['course_name']) ?? '' } : { id });
};

const groupCourseOnWire = ({ id, group, course }: GroupCourse): object => ({
  id,
  group_id: group.id,
  course_id: course.id,
  group_title: group.title,
  course_name: course.name,
});

const listGroupCourses: PortalHandler = (call) => {
  const [groupId, courseId] = [wanted(call, 'group_id'), wanted(call, 'course_id')];
  const found = [...call.portal.groupCourses.values()].filter(
    ({ group, course }) =>
      (groupId === undefined || group.id === groupId) && (courseId === undefined || course.id === courseId),
  );
  return listAnswer(call, 'group_courses', found, groupCourseOnWire);
};

/** `re_enroll_completed` stands beside the envelope in LearnUpon's own sample. */
const createGroupCourse: PortalHandler = (call) => {
  const body = unwrap(call, 'GroupCourse');
  if (!body) return unwrapped('group course');
  const again = booleanOf(call.body['re_enroll_completed'] ?? body['re_enroll_completed']) ?? false;
  const group = call.realm.groups.get(call.portal, numberOf(body['group_id']) ?? -1);
  return jsonAnswer({ id: call.realm.groups.attach(group, courseIn(call, body), again).id });
};

const deleteGroupCourse: PortalHandler = (call) => {
  const attached = call.portal.groupCourses.get(idIn(call));
  if (!attached) return errorAnswer(404, 'Group course not found');
  call.realm.groups.detach(attached, booleanOf(call.body['delete_enrollments']) ?? false);
  return jsonAnswer({});
};

const pendingOnWire = ({ id, invite, course, createdAt }: PendingEnrolment): object => ({
  id,
  group_invite_id: invite.id,
  user_id: null,
  invite_email_address: invite.email,
  num_reminders_sent: invite.remindersSent,
  first_name: invite.firstName,
  last_name: invite.lastName,
  group_id: invite.groupId,
  course_name: course.name,
  course_id: course.id,
  invite_status: invite.status,
  created_at: moment(createdAt),
  last_reminder_sent_at: moment(invite.lastReminderAt),
  accept_url: `/accept_invitation/${invite.token}`,
  user_type: invite.userType,
});

const listPending = (call: PortalCall, rows: readonly PendingEnrolment[]): ReturnType<PortalHandler> =>
  listAnswer(call, 'group_invite_course_enrollment', rows, pendingOnWire);

const listPendingEnrolments: PortalHandler = (call) => {
  const [groupId, courseId] = [wanted(call, 'group_id'), wanted(call, 'course_id')];
  const found = [...call.portal.learning.pending.values()].filter(
    ({ invite, course }) =>
      (groupId === undefined || invite.groupId === groupId) && (courseId === undefined || course.id === courseId),
  );
  return listPending(call, found);
};

const getPendingEnrolment: PortalHandler = (call) => {
  const found = call.portal.learning.pending.get(idIn(call));
  return found ? listPending(call, [found]) : errorAnswer(404, 'Group invite course enrollment not found');
};

const createPendingEnrolment: PortalHandler = (call) => {
  const body = unwrap(call, 'GroupInviteCourseEnrollment');
  if (!body) return unwrapped('group invite course enrollment');
  const invite = call.portal.invites.get(numberOf(body['group_invite_id']) ?? -1);
  if (!invite) return errorAnswer(404, 'Group invite not found');
  return jsonAnswer({ id: call.realm.learning.prepare(invite, courseIn(call, body)).id });
};

const deletePendingEnrolment: PortalHandler = (call) =>
  call.portal.learning.pending.delete(idIn(call))
    ? jsonAnswer({})
    : errorAnswer(404, 'Group invite course enrollment not found');

export const courseRoutes: Readonly<Record<string, PortalHandler>> = {
  'GET /courses': listCourses,
  'POST /courses': createCourse,
  'DELETE /courses/:id': deleteCourse,
  'GET /group_courses': listGroupCourses,
  'POST /group_courses': createGroupCourse,
  'DELETE /group_courses/:id': deleteGroupCourse,
  'GET /group_invite_course_enrollments': listPendingEnrolments,
  'GET /group_invite_course_enrollments/:id': getPendingEnrolment,
  'POST /group_invite_course_enrollments': createPendingEnrolment,
  'DELETE /group_invite_course_enrollments/:id': deletePendingEnrolment,
};
