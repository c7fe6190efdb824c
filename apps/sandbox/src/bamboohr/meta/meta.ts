import { TABLES } from '../employees/table-definitions.js';
import { json, wantsJson, xml } from '../answers.js';
import { listedFields } from '../fields.js';
import type { BambooHandler } from '../request.js';
import { element, fieldElement, XML_HEAD } from '../xml.js';

/** GET /meta/fields: deprecated twins too, no calculated fields. */
export const metaFields: BambooHandler = (call) => {
  const fields = listedFields(call.hidden).map(({ id, name, type, alias, unaliased, deprecated }) => ({
    id,
    name,
    type,
    ...(!unaliased && { alias }),
    ...(deprecated && { deprecated }),
  }));
  if (wantsJson(call)) return json(JSON.stringify(fields));
  const rows = fields.map(({ id, name, type, alias }) =>
    fieldElement(id ?? '', name, { type, ...(alias !== undefined && { alias }) }),
  );
  return xml(`${XML_HEAD}${element('fields', {}, rows.join(''))}`);
};

/** GET /meta/tables */
export const metaTables: BambooHandler = (call) => {
  const { hiddenTables } = call.user.profile;
  const shown = TABLES.filter(({ alias }) => !hiddenTables.has(alias)).map(({ alias, columns }) => ({
    alias,
    fields: columns.map(({ id, name, alias: column, type }) => ({ id, name, alias: column, type })),
  }));
  if (wantsJson(call)) return json(JSON.stringify(shown));
  const tables = shown.map(({ alias, fields }) =>
    element(
      'table',
      { alias },
      fields.map(({ id, name, alias: column, type }) => fieldElement(id, name, { alias: column, type })).join(''),
    ),
  );
  return xml(`${XML_HEAD}${element('tables', {}, tables.join(''))}`);
};

/** GET /company_information */
export const companyInformation: BambooHandler = ({ world }) => json(JSON.stringify(world.company.card.information));
