import type { ApiUser } from '../../world/api-users.js';
import { offsetTimestamp } from '../../world/clock.js';
import { json, wantsJson, xml } from '../answers.js';
import type { BambooCall, BambooHandler } from '../request.js';
import { element, escapeXml, XML_HEAD } from '../xml.js';

const STATUSES = ['enabled', 'disabled'];

const statusOf = ({ enabled }: ApiUser): string => (enabled ? 'enabled' : 'disabled');

/** Work address, else home address, else the account's. */
const emailOf = ({ world }: BambooCall, { employeeId, email }: ApiUser): string => {
  const employee = world.company.find(employeeId);
  return employee?.workEmail ?? employee?.homeEmail ?? email;
};

const userXml = (call: BambooCall, user: ApiUser): string => {
  const { id, employeeId, firstName, lastName, lastLogin } = user;
  const texts = { firstName, lastName, email: emailOf(call, user), status: statusOf(user) };
  const parts = Object.entries(texts).map(([name, text]) => element(name, {}, escapeXml(text)));
  if (lastLogin !== null) parts.push(element('lastLogin', {}, offsetTimestamp(lastLogin)));
  return element('user', { id, ...(employeeId !== 0 && { employeeId }) }, parts.join(''));
};

/** GET /meta/users: logins, not employees; an object by id. */
export const metaUsers: BambooHandler = (call) => {
  const asked = (call.query.get('status') ?? '').split(',').filter((status) => STATUSES.includes(status));
  const users = call.world.company.users.all();
  const shown = asked.length === 0 ? users : users.filter((user) => asked.includes(statusOf(user)));
  if (!wantsJson(call)) {
    return xml(XML_HEAD + element('users', {}, shown.map((user) => userXml(call, user)).join('')));
  }
  const entries = shown.map((user) => {
    const { id, employeeId, firstName, lastName, lastLogin } = user;
    const head = { id, employeeId, firstName, lastName, email: emailOf(call, user), status: statusOf(user) };
    return [String(id), lastLogin === null ? head : { ...head, lastLogin: offsetTimestamp(lastLogin) }];
  });
  return json(JSON.stringify(Object.fromEntries(entries)));
};
