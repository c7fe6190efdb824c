import {
  about,
  answerOf,
  anything,
  bodyOf,
  count,
  day,
  dayOrNull,
  listOf,
  mapOf,
  oneOf,
  text,
  textOrNull,
  type Operations,
  type Schema,
} from './schema.js';

const names = {
  firstName: text,
  middleName: textOrNull,
  lastName: text,
  preferredName: textOrNull,
  workEmail: textOrNull,
  homeEmail: textOrNull,
  employeeNumber: textOrNull,
};

const job = {
  department: textOrNull,
  division: textOrNull,
  location: textOrNull,
  jobTitle: textOrNull,
  managerId: about(textOrNull, 'the id of an employee'),
};

const custom = about(mapOf(textOrNull), 'custom fields by alias');

export const person: Schema = answerOf({
  id: text,
  firstName: text,
  lastName: text,
  preferredName: textOrNull,
  workEmail: textOrNull,
  homeEmail: textOrNull,
  employeeNumber: textOrNull,
  hireDate: dayOrNull,
  ...job,
  status: oneOf('Active', 'Inactive'),
  employmentStatus: textOrNull,
  terminationDate: dayOrNull,
  custom,
});

const effective = about(day, 'by default today in the company’s time zone');
const rows = about(mapOf(listOf(anything)), 'the rows of each table, by the table’s alias');

export const peopleOperations: Operations = {
  'POST /hire': {
    summary: 'Somebody new, made up where the body says nothing',
    body: bodyOf({ ...names, ...job, hireDate: dayOrNull, employmentStatus: text, custom }),
    example: { firstName: 'Ada', lastName: 'Moss', department: 'Sales' },
    status: 201,
    answer: person,
  },
  'GET /people': {
    summary: 'Everybody, as of today',
    query: { q: about(text, 'a part of the name or e-mail address'), offset: count, limit: count },
    answer: answerOf({ total: count, people: listOf(person) }),
  },
  'GET /people/:id': { summary: 'One person, as of today', answer: person },
  'DELETE /people/:id': {
    summary: 'Deletes an employee record, as if it had never been',
    answer: answerOf({ deleted: text }),
  },
  'POST /people/:id/rename': {
    summary: 'Changes names, e-mail addresses, employee number and custom fields: what has no date',
    body: bodyOf({ ...names, custom }),
    example: { lastName: 'Moss-Hill' },
    answer: person,
  },
  'POST /people/:id/move': {
    summary: 'A new row of job information',
    body: bodyOf({ ...job, date: effective }),
    example: { department: 'Engineering' },
    answer: person,
  },
  'POST /people/:id/terminate': {
    summary: 'A row that ends the employment; its date may be to come',
    body: bodyOf({ date: effective, type: text }),
    example: { type: 'Resignation (Voluntary)' },
    answer: person,
  },
  'POST /people/:id/rehire': {
    summary: 'Somebody who left comes back, with the same id',
    body: bodyOf({ ...job, date: effective, employmentStatus: text }),
    example: {},
    answer: person,
  },
  'GET /people/:id/rows': { summary: 'All rows of all tables of a person', answer: rows },
  'POST /people/:id/rows/:table': {
    summary: 'Adds a row by hand',
    body: mapOf(textOrNull),
    status: 201,
    answer: rows,
  },
  'POST /people/:id/rows/:table/:rowId': {
    summary: 'Puts a row right by hand',
    body: mapOf(textOrNull),
    answer: rows,
  },
  'DELETE /people/:id/rows/:table/:rowId': { summary: 'Takes a row out by hand', answer: rows },
};
