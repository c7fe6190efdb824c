import type { Option } from '../../world/option-lists.js';
import { PERMANENT_OPTIONS, type ListAlias } from '../../world/option-lists.js';
import { offsetTimestamp } from '../../world/clock.js';
import { json, wantsJson, xml } from '../answers.js';
import type { BambooHandler } from '../request.js';
import { element, escapeXml, XML_HEAD } from '../xml.js';

const LISTS: readonly { readonly fieldId: number; readonly name: string; readonly alias: ListAlias }[] = [
  { fieldId: 4, name: 'Department', alias: 'department' },
  { fieldId: 1355, name: 'Division', alias: 'division' },
  { fieldId: 18, name: 'Location', alias: 'location' },
  { fieldId: 17, name: 'Job Title', alias: 'jobTitle' },
  { fieldId: 16, name: 'Employment Status', alias: 'employmentHistoryStatus' },
];

const optionOnWire = ({ id, name, archived, createdAt }: Option): object => ({
  id,
  archived: archived ? 'yes' : 'no',
  manageable: PERMANENT_OPTIONS.has(name) ? 'no' : 'yes',
  createdDate: createdAt === null ? null : offsetTimestamp(createdAt),
  archivedDate: null,
  name,
});

/** GET /meta/lists: archived options too, which history still uses. */
export const metaLists: BambooHandler = (call) => {
  const lists = LISTS.filter(({ alias }) => !call.hidden.has(alias)).map((list, index) => ({
    ...list,
    id: 3440 + index,
    options: call.world.company.lists[list.alias].all(),
  }));
  if (wantsJson(call)) {
    const onWire = lists.map(({ id, fieldId, name, alias, options }) => {
      const head = { id, fieldId, manageable: 'yes', multiple: 'no', name };
      return { ...head, options: options.map(optionOnWire), alias };
    });
    return json(JSON.stringify(onWire));
  }
  const elements = lists.map(({ fieldId, alias, name, options }) => {
    const optionElements = options.map(({ id, archived, name: option }) =>
      element('option', { id, archived: archived ? 'yes' : 'no' }, escapeXml(option)),
    );
    const content = `${element('name', {}, escapeXml(name))}${element('options', {}, optionElements.join(''))}`;
    return element('list', { fieldId, alias, manageable: 'yes', multiple: 'no' }, content);
  });
  return xml(`${XML_HEAD}${element('lists', {}, elements.join(''))}`);
};
