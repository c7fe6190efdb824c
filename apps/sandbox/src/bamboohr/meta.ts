import { DEPARTMENTS, EMPLOYMENT_STATUSES, PLACES } from '../world/places.js';
import { json, wantsJson, xml } from './answers.js';
import { listedFields } from './fields.js';
import type { BambooHandler } from './request.js';
import { TABLES } from './tables.js';
import { element, escapeXml, fieldElement, XML_HEAD } from './xml.js';

export const metaFields: BambooHandler = (call) => {
  const fields = listedFields(call.hidden).map(({ id, name, type, alias, deprecated }) => ({
    id,
    name,
    type,
    alias,
    ...(deprecated && { deprecated }),
  }));
  if (wantsJson(call)) return json(JSON.stringify(fields));
  const rows = fields.map(({ id, name, type, alias }) => fieldElement(id ?? '', name, { type, alias }));
  return xml(`${XML_HEAD}${element('fields', {}, rows.join(''))}`);
};

export const metaTables: BambooHandler = (call) => {
  if (wantsJson(call)) return json(JSON.stringify(TABLES.map(({ alias, columns }) => ({ alias, fields: columns }))));
  const tables = TABLES.map(({ alias, columns }) =>
    element(
      'table',
      { alias },
      columns.map(({ id, name, alias: column, type }) => fieldElement(id, name, { alias: column, type })).join(''),
    ),
  );
  return xml(`${XML_HEAD}${element('tables', {}, tables.join(''))}`);
};

const unique = (names: readonly string[]): string[] => [...new Set(names)];

const LISTS = [
  { fieldId: 4, name: 'Department', alias: 'department', options: unique(DEPARTMENTS.map(({ name }) => name)) },
  { fieldId: 1355, name: 'Division', alias: 'division', options: unique(PLACES.map(({ division }) => division)) },
  { fieldId: 18, name: 'Location', alias: 'location', options: unique(PLACES.map(({ location }) => location)) },
  { fieldId: 17, name: 'Job Title', alias: 'jobTitle', options: unique(DEPARTMENTS.flatMap(({ titles }) => titles)) },
  { fieldId: 16, name: 'Employment Status', alias: 'employmentHistoryStatus', options: [...EMPLOYMENT_STATUSES] },
];

/** Two employment statuses are BambooHR's own; a customer can change all the others. */
const PERMANENT = new Set<string>(['Contractor', 'Terminated']);

export const metaLists: BambooHandler = (call) => {
  const lists = LISTS.map(({ fieldId, name, alias, options }, index) => ({
    id: 3440 + index,
    fieldId,
    manageable: 'yes',
    multiple: 'no',
    name,
    options: options.map((option, position) => ({
      id: 18_100 + index * 100 + position,
      archived: 'no',
      manageable: PERMANENT.has(option) ? 'no' : 'yes',
      createdDate: null,
      archivedDate: null,
      name: option,
    })),
    alias,
  }));
  if (wantsJson(call)) return json(JSON.stringify(lists));
  const elements = lists.map(({ fieldId, alias, manageable, multiple, name, options }) => {
    const optionElements = options.map(({ id, archived, name: option }) =>
      element('option', { id, archived }, escapeXml(option)),
    );
    const content = `${element('name', {}, escapeXml(name))}${element('options', {}, optionElements.join(''))}`;
    return element('list', { fieldId, alias, manageable, multiple }, content);
  });
  return xml(`${XML_HEAD}${element('lists', {}, elements.join(''))}`);
};

export const companyInformation: BambooHandler = ({ world }) => {
  const name = world.company.name.charAt(0).toUpperCase() + world.company.name.slice(1);
  const address = { line1: '1 Sandbox Quay', line2: '', city: 'Dublin', state: '', zip: 'D02 X285' };
  return json(JSON.stringify({ legalName: `${name} Limited`, displayName: name, address, phone: '+353 1 555 0100' }));
};
