import { keepRows } from '../../world/faults.js';
import { emptyError, json, wantsJson, xml } from '../answers.js';
import { hasPhoto, photoUrlOf } from '../more/photo-url.js';
import { firstLast, managerOf } from '../names.js';
import { onlyCurrentOf, snapshotOf, visibleEmployees, type BambooHandler } from '../request.js';
import type { Snapshot } from '../snapshot.js';
import { element, fieldElement, XML_HEAD } from '../xml.js';

interface DirectoryField {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly read: (snapshot: Snapshot) => string | boolean | number | null;
}

const unset = (id: string, name: string, type = 'text'): DirectoryField => ({ id, type, name, read: () => null });

/** In the order recorded in 2026. */
const FIELDS: readonly DirectoryField[] = [
  { id: 'displayName', type: 'text', name: 'Display name', read: ({ employee }) => firstLast(employee) },
  { id: 'firstName', type: 'text', name: 'First name', read: ({ employee }) => employee.firstName },
  { id: 'lastName', type: 'text', name: 'Last name', read: ({ employee }) => employee.lastName },
  { id: 'preferredName', type: 'text', name: 'Preferred name', read: ({ employee }) => employee.preferredName },
  { id: 'jobTitle', type: 'list', name: 'Job title', read: ({ job }) => job?.jobTitle ?? null },
  { id: 'workPhone', type: 'text', name: 'Work Phone', read: ({ employee }) => employee.workPhone },
  { id: 'mobilePhone', type: 'text', name: 'Mobile Phone', read: ({ employee }) => employee.mobilePhone },
  { id: 'workEmail', type: 'email', name: 'Work Email', read: ({ employee }) => employee.workEmail },
  { id: 'department', type: 'list', name: 'Department', read: ({ job }) => job?.department ?? null },
  { id: 'location', type: 'list', name: 'Location', read: ({ job }) => job?.location ?? null },
  { id: 'division', type: 'list', name: 'Division', read: ({ job }) => job?.division ?? null },
  ...['facebook', 'linkedIn', 'twitterFeed', 'pinterest', 'instagram'].map((id) => unset(id, id, 'url')),
  unset('pronouns', 'Pronouns', 'list'),
  unset('workPhoneExtension', 'Work Ext.'),
  {
    id: 'supervisor',
    type: 'employee',
    name: 'Manager',
    // Alone in this answer, an unset supervisor is "".
    read: (snapshot) => firstLast(managerOf(snapshot)) ?? '',
  },
  { id: 'photoUploaded', type: 'bool', name: 'Photo exists', read: ({ employee }) => hasPhoto(employee) },
  {
    id: 'photoUrl',
    type: 'url',
    name: 'Photo url',
    read: ({ company, employee }) => photoUrlOf(company, employee),
  },
  // A number, though its declared type is bool.
  { id: 'canUploadPhoto', type: 'bool', name: 'Can Upload Photo', read: () => 1 },
];

/** What somebody sees who may see the org chart alone; which fields these are isn't documented. */
const ORG_CHART = new Set([
  'displayName',
  'jobTitle',
  'department',
  'location',
  'supervisor',
  'photoUploaded',
  'photoUrl',
]);

/** In the directory is who is Active and has started; `onlyCurrent=false` adds who is to start. */
const isListed = ({ employee, active, company }: Snapshot, onlyCurrent: boolean): boolean =>
  active && employee.hireDate !== null && (!onlyCurrent || employee.hireDate <= company.today());

/** GET /employees/directory: never a way to tell who left. */
export const directory: BambooHandler = (call) => {
  const { hidden, trouble } = call;
  const { directory: access } = call.user.profile;
  if (access === 'off') return emptyError(403, 'The company directory is not shared');
  const onlyCurrent = onlyCurrentOf(call);
  const snapshots = Array.from(visibleEmployees(call), (employee) => snapshotOf(call, employee, true));
  const listed = keepRows(
    snapshots.filter((snapshot) => isListed(snapshot, onlyCurrent)),
    trouble,
  );
  if (listed.length === 0) return emptyError(404, 'The directory is empty');
  const fields = FIELDS.filter(({ id }) => !hidden.has(id) && (access === 'shared' || ORG_CHART.has(id)));
  if (!wantsJson(call)) {
    const fieldset = element('fieldset', {}, fields.map(({ id, name }) => fieldElement(id, name)).join(''));
    const rows = listed.map((snapshot) =>
      element(
        'employee',
        { id: snapshot.employee.id },
        fields.map(({ id, read }) => fieldElement(id, read(snapshot))).join(''),
      ),
    );
    return xml(`${XML_HEAD}${element('directory', {}, fieldset + element('employees', {}, rows.join('')))}`);
  }
  const employees = listed.map((snapshot) => ({
    id: String(snapshot.employee.id),
    ...Object.fromEntries(fields.map(({ id, read }) => [id, read(snapshot)])),
  }));
  return json(JSON.stringify({ fields: fields.map(({ id, type, name }) => ({ id, type, name })), employees }));
};
