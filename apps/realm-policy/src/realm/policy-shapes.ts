import { CUSTOM_DATA_TYPES, didYouMean, isFieldName, LANGUAGES, parseDay, TIME_ZONES } from '@portico/access-policy';
import { EMPLOYEE_ID, LEAVING_POLICIES, OWNERSHIPS, SIGN_INS, USER_TYPES } from '@portico/contracts';
import { at, isPlain, listOf, mapOf, object, oneOf, text, when, whole, wrong, type Shape } from './shapes.js';

/** The keys of a portal's policy that are more than a word or a number. */

const rule = text("must be a rule in quotes, such as 'department == \"Sales\"' or 'true'");
const named = when(
  (value) => typeof value === 'string' && isFieldName(value),
  'must name a BambooHR field, such as workEmail',
);
/** YAML reads the number of a field as a number, and loses the last 0 of `4340.10`. */
const field: Shape = (value) =>
  typeof value === 'number' ? wrong('must be a text: put the number of a field in quotes') : named(value);
const label = text('must be a label');
const choice = when((value) => typeof value === 'string', 'must be a text: put it in quotes');
const choices = {
  'choices?': mapOf(() => [], choice, 'must map values of the field to what is written'),
  'otherwise?': when((value) => value === null || typeof value === 'string', 'must be a text: put it in quotes'),
};

export const ruleShape = rule;
export const fieldsShape = listOf(field, 'must list BambooHR fields', { min: 1, max: 20 });
const usernameText = text('must be a BambooHR field, or a text such as acme-{employeeNumber}');
/** Rules in braces, with what is in their quotes. */
const IN_BRACES = /\{(?:[^}"']|"[^"]*"|'[^']*')*\}/g;
const MOST_LETTERS = 30;
/** LearnUpon: 6 to 30 letters, digits and a few signs. What braces give is looked at person by person. */
export const usernameShape: Shape = (value) => {
  if (typeof value !== 'string' || !/[{}]/.test(value)) return usernameText(value);
  const letters = [...value.replace(IN_BRACES, '')];
  const bad = letters.find((letter) => !/[\p{L}\p{M}\p{N}+\-.,$#@_{}]/u.test(letter));
  if (bad !== undefined)
    return wrong(`has "${bad}" outside of braces: LearnUpon takes letters, digits and + - . , $ # @ _`);
  return letters.length > MOST_LETTERS ? wrong(`has more than ${MOST_LETTERS} characters outside of braces`) : [];
};

export const eligibleShape = listOf(
  when((value) => typeof value === 'string', 'must be an employment status'),
  'must list employment statuses, such as [Full-Time, Part-Time]',
  { min: 1 },
);

const handPick = object(
  {
    employee: when(
      (value) => EMPLOYEE_ID.test(String(value)) && ['string', 'number'].includes(typeof value),
      "must be BambooHR's employee id",
    ),
    reason: text('must say why'),
    'until?': when((value) => typeof value === 'string' && parseDay(value) !== undefined, 'must be a day, YYYY-MM-DD'),
  },
  'must be { employee: …, reason: …, until: … }',
);
export const handPicksShape = listOf(handPick, 'must list people as { employee: …, reason: …, until: … }', {
  max: 10_000,
});

const STARTS = ['at-once', 'hire-date', 'date-added'];
const startObject = object(
  { from: oneOf(['hire-date', 'date-added']), 'days?': whole(-365, 365) },
  `must be one of ${STARTS.join(', ')}, or { from: hire-date, days: -7 }`,
);
export const startShape: Shape = (value) => {
  if (!isPlain(value)) return oneOf(STARTS)(value);
  const faults = startObject(value);
  const isEarly = value['from'] === 'date-added' && typeof value['days'] === 'number' && value['days'] < 0;
  return isEarly ? [...faults, ...at('days', wrong('nobody is seen before the record is there: 0 or more'))] : faults;
};

const userType = oneOf(USER_TYPES);
const userTypeRule = object({ type: userType, 'when?': rule }, 'must be a type, or { type: …, when: … }');
const userTypeList = listOf((value) => (isPlain(value) ? userTypeRule(value) : userType(value)), 'must list types', {
  min: 1,
  max: 20,
});
export const userTypeShape: Shape = (value) => (Array.isArray(value) ? userTypeList(value) : userType(value));

const groupTitle = text('must be the title of a group');
const groupObject = object(
  { 'title?': groupTitle, 'titleFrom?': rule, 'when?': rule },
  'must be a title, or { title: …, when: … }',
);
const group: Shape = (value) => {
  if (!isPlain(value)) return groupTitle(value);
  const isOne = (value['title'] === undefined) !== (value['titleFrom'] === undefined);
  return [...groupObject(value), ...(isOne ? [] : wrong('must have title or titleFrom'))];
};
export const groupsShape = listOf(group, 'must list groups', { max: 200 });

const customDataObject = object(
  { 'field?': field, 'value?': rule, 'type?': oneOf(CUSTOM_DATA_TYPES), ...choices },
  'must name a BambooHR field, such as department',
);
const customDataSource: Shape = (value) => {
  if (value === null) return [];
  if (!isPlain(value)) return field(value);
  const isOne = (value['field'] === undefined) !== (value['value'] === undefined);
  return [...customDataObject(value), ...(isOne ? [] : wrong('must have field or value'))];
};
export const customDataShape = mapOf(label, customDataSource, 'must map labels to BambooHR fields');

const OWNED = [
  'firstName',
  'lastName',
  'email',
  'username',
  'language',
  'timeZone',
  'userType',
  'groups',
  'customData',
];
const ownedField: Shape = (value) =>
  OWNED.includes(value as string) || /^customData\../.test(value as string)
    ? []
    : wrong(`must be one of ${OWNED.join(', ')}, customData.<label>${didYouMean(value as string, OWNED)}`);
export const ownershipShape = mapOf(ownedField, oneOf(OWNERSHIPS), 'must map fields of the account to who owns them');

const leavingObject = object(
  {
    action: oneOf(LEAVING_POLICIES),
    'graceDays?': whole(0, 3_650),
    'expireDays?': whole(0, 3_650),
    'retainDays?': whole(0, 36_500),
  },
  `must be one of ${LEAVING_POLICIES.join(', ')}, or { action: …, graceDays: … }`,
);
export const leavingShape: Shape = (value) => (isPlain(value) ? leavingObject(value) : oneOf(LEAVING_POLICIES)(value));

export const signInShape = oneOf(SIGN_INS, {
  invitation: ': for an invitation write onboarding: invite',
});

const ruleName = when(
  (value) => /^[A-Za-z][A-Za-z0-9_]{0,59}$/.test(value as string),
  'must begin with a letter, and have letters, digits and _ only',
);
export const namedRulesShape = mapOf(ruleName, rule, 'must map names to rules', 200);

const fixedLanguage: Shape = (value) =>
  LANGUAGES.includes(value as string)
    ? []
    : wrong(`must be one of LearnUpon's codes (${LANGUAGES.join(', ')}) or { field: … }${hint(value, LANGUAGES)}`);
const fixedTimeZone: Shape = (value) =>
  TIME_ZONES.includes(value as string)
    ? []
    : wrong(`must be one of LearnUpon's names, such as Dublin, or { field: … }${hint(value, TIME_ZONES)}`);
const hint = (value: unknown, names: readonly string[]): string =>
  typeof value === 'string' ? didYouMean(value, names) : '';

const localeShape =
  (fixed: Shape): Shape =>
  (value) =>
    isPlain(value)
      ? object(
          { field, 'choices?': mapOf(() => [], fixed, 'must map values of the field'), 'otherwise?': fixed },
          'must be { field: … }',
        )(value)
      : fixed(value);
export const languageShape = localeShape(fixedLanguage);
export const timeZoneShape = localeShape(fixedTimeZone);
