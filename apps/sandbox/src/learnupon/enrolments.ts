import { jsonAnswer } from '../http/call.js';
import { COMPLETED, type Account, type CompletedStatus, type Enrolment } from '../world/records.js';
import { errorAnswer, unwrapped } from './answers.js';
import { courseIn } from './courses.js';
import { listAnswer } from './pages.js';
import {
  booleanOf,
  given,
  idIn,
  nullable,
  numberOf,
  textOf,
  unwrap,
  wanted,
  type Json,
  type PortalCall,
  type PortalHandler,
} from './request.js';
import { moment } from './wire.js';

const enrolmentOnWire = ({ course, account, ...enrolment }: Enrolment): object => ({
  id: enrolment.id,
  course_id: course.id,
  course_source_id: course.id,
  version: 1,
  user_id: account.id,
  percentage: enrolment.percentage,
  has_attempts_remaining: false,
  date_started: moment(enrolment.startedAt),
  date_completed: moment(enrolment.completedAt),
  date_lastaccessed: moment(enrolment.startedAt),
  date_enrolled: moment(enrolment.createdAt),
  course_name: course.name,
  first_name: account.person.firstName,
  last_name: account.person.lastName,
  email: account.person.email,
  ...(account.portal.identifier === 'username' && { username: account.person.username }),
  certificate_name: null,
  percentage_complete: enrolment.completedAt === null ? null : 100,
  unenrolled: false,
  due_date: enrolment.dueDate,
  cert_expires_at: null,
  course_access_expires_at: enrolment.expiresAt,
  status: enrolment.status,
  was_recertified: false,
  from_store: false,
  from_catalog: false,
  group_id: enrolment.groupId,
  updated_at: moment(enrolment.updatedAt),
});

const SEARCHED = {
  user_id: ({ account }: Enrolment) => String(account.id),
  email: ({ account }: Enrolment) => account.person.email,
  username: ({ account }: Enrolment) => account.person.username,
  course_id: ({ course }: Enrolment) => String(course.id),
  course_name: ({ course }: Enrolment) => course.name,
};

/** Any other key, such as group_id, is ignored. */
const searchEnrolments: PortalHandler = (call) => {
  const filters = Object.entries(SEARCHED).flatMap(([key, of]) => {
    const value = call.query.get(key)?.toLowerCase();
    return value === undefined ? [] : [(row: Enrolment): boolean => of(row)?.toLowerCase() === value];
  });
  const found = [...call.portal.learning.enrolments.values()].filter((row) => filters.every((fits) => fits(row)));
  return listAnswer(call, 'enrollments', found, enrolmentOnWire);
};

const getEnrolment: PortalHandler = (call) =>
  listAnswer(call, 'enrollments', [call.realm.learning.get(call.portal, idIn(call))], enrolmentOnWire);

const accountIn = ({ realm, portal }: PortalCall, body: Json): Account | undefined => {
  const id = numberOf(body['user_id']);
  if (id !== undefined) return realm.accounts.get(portal, id);
  const username = portal.identifier === 'username' ? (nullable(body, 'username') ?? null) : null;
  return realm.accounts.find(portal, { email: nullable(body, 'email') ?? null, username });
};

const createEnrolment: PortalHandler = (call) => {
  const body = unwrap(call, 'Enrollment');
  if (!body) return unwrapped('enrollment');
  // Who is invited only is no user, and can't be enrolled.
  const found = accountIn(call, body);
  if (!found) return errorAnswer(404, 'User not found');
  const account = call.realm.accounts.own(call.portal, found);
  const { id, createdAt } = call.realm.learning.enrol(account, courseIn(call, body), {
    ...given('dueDate', nullable(body, 'due_date')),
    ...given('expiresAt', nullable(body, 'expires_at')),
    ...given('again', booleanOf(body['re_enroll_if_completed'])),
  });
  return jsonAnswer({ id, created_at: moment(createdAt), user_id: account.id });
};

/** Unwrapped. A wrapped body has no key that is known: it changes nothing, and the answer is the same. */
const patchEnrolment: PortalHandler = (call) => {
  const { realm, portal, body } = call;
  realm.learning.update(realm.learning.get(portal, idIn(call)), {
    ...given('dueDate', nullable(body, 'due_date')),
    ...given('expiresAt', nullable(body, 'expires_at') ?? nullable(body, 'expiry_date')),
  });
  return jsonAnswer({ success: 'ok' });
};

/** Only the text "true" takes a completed enrolment from the history; a boolean was seen to do nothing. */
const deleteEnrolment: PortalHandler = (call) => {
  const { realm, portal, body } = call;
  realm.learning.remove(realm.learning.get(portal, idIn(call)), body['remove_from_history'] === 'true');
  return jsonAnswer({});
};

const createMarkcomplete: PortalHandler = (call) => {
  const body = unwrap(call, 'Markcomplete');
  if (!body) return unwrapped('markcomplete');
  const enrolment = call.realm.learning.get(call.portal, numberOf(body['enrollment_id']) ?? -1);
  const status = textOf(body['status']) as CompletedStatus;
  const at = Date.parse(textOf(body['date_completed']) ?? '');
  if (!COMPLETED.includes(status)) return errorAnswer(400, 'Status is invalid');
  if (Number.isNaN(at)) return errorAnswer(400, 'Date completed is invalid');
  call.realm.learning.complete(enrolment, status, numberOf(body['percentage']) ?? null, at);
  return jsonAnswer({ id: enrolment.id });
};

const listMarkcompletes: PortalHandler = (call) => {
  const [userId, id, courseId] = [wanted(call, 'user_id'), wanted(call, 'enrollment_id'), wanted(call, 'course_id')];
  const rows = [...call.portal.learning.enrolments.values()].filter(
    (row) =>
      row.completedAt !== null &&
      (userId === undefined || row.account.id === userId) &&
      (id === undefined || row.id === id) &&
      (courseId === undefined || row.course.id === courseId),
  );
  return listAnswer(call, 'markcompletes', rows, (row) => ({
    id: row.id,
    created_at: moment(row.updatedAt),
    date_completed: moment(row.completedAt),
    status: row.status,
    percentage: row.percentage,
    user_id: null,
    enrollment_id: row.id,
    notes: null,
    action_source_type: 'API',
  }));
};

export const enrolmentRoutes: Readonly<Record<string, PortalHandler>> = {
  'GET /enrollments/search': searchEnrolments,
  'GET /enrollments/:id': getEnrolment,
  'POST /enrollments': createEnrolment,
  'PATCH /enrollments/:id': patchEnrolment,
  'DELETE /enrollments/:id': deleteEnrolment,
  'GET /markcompletes': listMarkcompletes,
  'POST /markcompletes': createMarkcomplete,
};
