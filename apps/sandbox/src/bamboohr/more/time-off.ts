import { addDays } from '../../world/clock.js';
import { keepRows } from '../../world/faults.js';
import { emptyError, json, wantsJson, xml } from '../answers.js';
import { firstLast } from '../names.js';
import { isDay, visibleEmployees, type BambooCall, type BambooHandler } from '../request.js';
import { element, escapeXml, XML_HEAD } from '../xml.js';
import { absencesBetween, TIME_OFF_TYPES, VACATION, type Absence } from './absences.js';

const WEEK = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const DEFAULT_HOURS = WEEK.map((name, index) => ({ name, amount: index < 5 ? '8' : '0' }));

const POLICIES = TIME_OFF_TYPES.map(({ id, name }, index) => ({
  id: 31 + index,
  timeOffTypeId: id,
  name: `${name} policy`,
  effectiveDate: null,
  type: 'manual',
})).sort((one, other) => (one.name < other.name ? -1 : 1));

const asXml = (root: string, rowName: string, rows: readonly Readonly<Record<string, unknown>>[]): string => {
  const rowXml = ({ id, ...values }: Readonly<Record<string, unknown>>): string => {
    const parts = Object.entries(values).map(([name, value]) => element(name, {}, escapeXml(String(value ?? ''))));
    return element(rowName, { id: String(id) }, parts.join(''));
  };
  return XML_HEAD + element(root, {}, rows.map(rowXml).join(''));
};

/** GET /meta/time_off/types */
export const timeOffTypes: BambooHandler = () =>
  json(JSON.stringify({ timeOffTypes: TIME_OFF_TYPES, defaultHours: DEFAULT_HOURS }));

/** GET /meta/time_off/policies */
export const timeOffPolicies: BambooHandler = () => json(JSON.stringify(POLICIES));

const found = (call: BambooCall, start: string, end: string): readonly Absence[] =>
  absencesBetween(visibleEmployees(call), start, end, call.world.company.today());

const daysOf = ({ start, end }: Absence): string[] => {
  const days: string[] = [];
  for (let day = start; day <= end; day = addDays(day, 1)) days.push(day);
  return days;
};

const ACTIONS = { view: true, edit: true, cancel: false, approve: true, deny: true, bypass: false };

const requestOnWire = (absence: Absence, withNotes: boolean) => {
  const { id, employee, start, end, status, typeId } = absence;
  const created = addDays(start, -30);
  const days = daysOf(absence);
  const { name, icon } = TIME_OFF_TYPES.find((type) => type.id === typeId) ?? VACATION;
  return {
    id,
    employeeId: employee.id,
    name: firstLast(employee),
    start,
    end,
    created,
    status: { lastChanged: created, lastChangedByUserId: 2370, status },
    type: { id: typeId, name, icon },
    amount: { unit: 'days', amount: days.length },
    actions: ACTIONS,
    dates: Object.fromEntries(days.map((day) => [day, 1])),
    ...(withNotes && { notes: { employee: '', manager: '' } }),
  };
};

const listIn = (query: URLSearchParams, name: string): readonly string[] | undefined => query.get(name)?.split(',');

/** GET /time_off/requests: what overlaps the days asked for. */
export const timeOffRequests: BambooHandler = (call) => {
  const { query, trouble } = call;
  const start = query.get('start') ?? '';
  const end = query.get('end') ?? '';
  if (!isDay(start) || !isDay(end) || end < start) return emptyError(400, 'Invalid start or end date');
  const [types, statuses] = [listIn(query, 'type'), listIn(query, 'status')];
  const [id, employeeId] = [query.get('id'), query.get('employeeId')];
  const wanted = found(call, start, end).filter(
    (absence) =>
      (types?.includes(String(absence.typeId)) ?? true) &&
      (statuses?.includes(absence.status) ?? true) &&
      (id === null || String(absence.id) === id) &&
      (employeeId === null || String(absence.employee.id) === employeeId),
  );
  const rows = keepRows(wanted, trouble).map((absence) => requestOnWire(absence, !query.get('excludeNote')));
  if (wantsJson(call)) return json(JSON.stringify(rows));
  const flat = rows.map(({ id: requestId, employeeId: employee, name, start: from, end: to, status, type }) => ({
    id: requestId,
    employeeId: employee,
    name,
    status: status.status,
    start: from,
    end: to,
    type: type.name,
  }));
  return xml(asXml('requests', 'request', flat));
};

const FORTNIGHT = 14;

/** GET /time_off/whos_out: today and the next fortnight, unless the call says otherwise. */
export const whosOut: BambooHandler = (call) => {
  const { query, world, trouble } = call;
  const start = isDay(query.get('start') ?? '') ? (query.get('start') ?? '') : world.company.today();
  const end = isDay(query.get('end') ?? '') ? (query.get('end') ?? '') : addDays(start, FORTNIGHT);
  const out = found(call, start, end).filter(({ status }) => status === 'approved');
  const rows = keepRows(out, trouble).map(({ id, employee, start: from, end: to }) => {
    return { id, type: 'timeOff', employeeId: employee.id, name: firstLast(employee), start: from, end: to };
  });
  return wantsJson(call) ? json(JSON.stringify(rows)) : xml(asXml('calendar', 'item', rows));
};
