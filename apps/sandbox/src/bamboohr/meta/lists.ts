import { offsetTimestamp } from '../../world/clock.js';
import type { Company } from '../../world/company.js';
import { PERMANENT_OPTIONS, type ListAlias, type Option } from '../../world/option-lists.js';
import { PLACES, SHIRT_SIZES, STATE_NAMES } from '../../world/places.js';
import { json, wantsJson, xml } from '../answers.js';
import type { BambooHandler } from '../request.js';
import { element, escapeXml, XML_HEAD } from '../xml.js';

interface List {
  /** BambooHR's own lists, at the end, have none. */
  readonly id?: number;
  readonly fieldId: number;
  readonly manageable: 'yes' | 'no';
  readonly multiple: 'yes' | 'no';
  readonly name: string;
  readonly alias: string;
  readonly options: (company: Company) => readonly Option[];
}

const custom = (id: number, fieldId: number, name: string, alias: string, options: List['options']): List => ({
  id,
  fieldId,
  manageable: 'yes',
  multiple: 'no',
  name,
  alias,
  options,
});

const ofCompany = (id: number, fieldId: number, name: string, alias: ListAlias): List =>
  custom(id, fieldId, name, alias, ({ lists }) => lists[alias].all());

const fixed = (firstId: number, names: readonly string[]): List['options'] => {
  const options = [...new Set(names)].map((name, index): Option => ({
    id: firstId + index,
    name,
    archivedAt: null,
    createdAt: null,
  }));
  return () => options;
};

const own = (fieldId: number, name: string, alias: string, options: List['options']): List => ({
  fieldId,
  manageable: 'no',
  multiple: 'no',
  name,
  alias,
  options,
});

const COUNTRIES = PLACES.map(({ country }) => country);

const LISTS: readonly List[] = [
  ofCompany(3440, 4, 'Department', 'department'),
  ofCompany(3441, 1355, 'Division', 'division'),
  ofCompany(3442, 18, 'Location', 'location'),
  ofCompany(3443, 17, 'Job Title', 'jobTitle'),
  ofCompany(3444, 16, 'Employment Status', 'employmentHistoryStatus'),
  custom(3445, 4341, 'Shirt size', 'customShirtsize', fixed(20_100, SHIRT_SIZES)),
  { ...custom(3446, 4502, 'Teams', 'teams', fixed(20_200, [])), multiple: 'yes' },
  own(3991, 'Country', 'country', fixed(100, COUNTRIES)),
  own(10, 'State', 'state', fixed(300, Object.values(STATE_NAMES))),
];

const timestampOf = (at: number | null): string | null => (at === null ? null : offsetTimestamp(at));
const yesOrNo = (flag: boolean): string => (flag ? 'yes' : 'no');

const optionOnWire = ({ id, name, archivedAt, createdAt }: Option, { manageable }: List): object => ({
  id,
  archived: yesOrNo(archivedAt !== null),
  manageable: PERMANENT_OPTIONS.has(name) ? 'no' : manageable,
  createdDate: timestampOf(createdAt),
  archivedDate: timestampOf(archivedAt),
  name,
});

const listOnWire = (list: List, company: Company): object => {
  const { id, fieldId, manageable, multiple, name, alias } = list;
  const options = list.options(company).map((option) => optionOnWire(option, list));
  return { ...(id !== undefined && { id }), fieldId, manageable, multiple, name, options, alias };
};

const listInXml = (list: List, company: Company): string => {
  const { fieldId, alias, manageable, multiple, name } = list;
  const options = list
    .options(company)
    .map(({ id, archivedAt, name: option }) =>
      element('option', { id, archived: yesOrNo(archivedAt !== null) }, escapeXml(option)),
    );
  const content = `${element('name', {}, escapeXml(name))}${element('options', {}, options.join(''))}`;
  return element('list', { fieldId, alias, manageable, multiple }, content);
};

/** GET /meta/lists: archived options too, which history still uses. */
export const metaLists: BambooHandler = (call) => {
  const { company } = call.world;
  const lists = LISTS.filter(({ alias }) => !call.hidden.has(alias));
  if (wantsJson(call)) return json(JSON.stringify(lists.map((list) => listOnWire(list, company))));
  return xml(`${XML_HEAD}${element('lists', {}, lists.map((list) => listInXml(list, company)).join(''))}`);
};
