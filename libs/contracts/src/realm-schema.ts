import { LEAVING_POLICIES, ONBOARDINGS, OWNERSHIPS, REFUSAL_POLICIES, SIGN_INS, USER_TYPES } from './access-decided.js';
import { EMPLOYMENT_STATES } from './employee-changed.js';
import { EMPLOYEE_ID } from './names.js';
import { IDENTIFIER_KINDS, PORTAL_MODES } from './realm-changed.js';

type Schema = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Schema>>;

const says = (description: string, schema: Schema): Schema => ({ description, ...schema });
const oneOf = (values: readonly string[], standard?: string): Schema => ({
  enum: values,
  ...(standard === undefined ? {} : { default: standard }),
});
const text: Schema = { type: 'string', minLength: 1 };
const rule: Schema = { type: 'string', minLength: 1, maxLength: 20_000 };
const slug: Schema = { type: 'string', pattern: '^[a-z0-9-]{1,40}$' };
const field: Schema = { type: 'string', pattern: '^([A-Za-z][A-Za-z0-9_]{0,99}|\\d+(\\.\\d+)?)$' };
const day: Schema = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const employee: Schema = { type: ['string', 'integer'], pattern: EMPLOYEE_ID.source };
const url: Schema = { type: 'string', pattern: '^https?://' };
const secretRef: Schema = { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]{0,99}[a-z0-9])?$' };
const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more });
const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
const object = (properties: Properties, required: readonly string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required.length === 0 ? {} : { required }),
});
const either = (...schemas: readonly Schema[]): Schema => ({ anyOf: schemas });
const whole = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum });

const choices: Properties = {
  choices: says('The value that is written, by the value of the field', mapOf({ type: 'string' })),
  otherwise: says('What is written for a value that is not among the choices', { type: ['string', 'null'] }),
};
const locale = (fixed: string): Schema =>
  either(says(fixed, text), object({ field, ...choices, otherwise: { type: 'string' } }, ['field']));
const handPicks = list(
  object(
    {
      employee: says('BambooHR’s employee id', employee),
      reason: says('Why; shown where the decision is explained', text),
      until: says('The last day on which it holds; for ever unless told', day),
    },
    ['employee', 'reason'],
  ),
  { maxItems: 10_000 },
);
const CUSTOM_DATA_TYPES = [
  'string',
  'decimal',
  'integer',
  'date',
  'string-choice',
  'decimal-choice',
  'integer-choice',
] as const;

/** What a portal may say, and `defaults` for all of them. */
const policy: Properties = {
  mode: says('`observe` decides and writes nothing; `off` does nothing at all', oneOf(PORTAL_MODES, 'on')),
  ended: says('Access is ended for everybody. Set by `portico end-access`, which says for how many', {
    type: 'boolean',
    default: false,
  }),
  ramp: says('The share of people that the portal begins with, in percent; always the same people first', {
    type: 'number',
    minimum: 0,
    maximum: 100,
    default: 100,
  }),
  audience: says('Who belongs here: a CEL rule over BambooHR’s fields, such as department == "Sales"', rule),
  eligible: says(
    'Values of employmentHistoryStatus that count; all unless told',
    list({ type: 'string' }, { minItems: 1 }),
  ),
  include: says('People who belong whatever the audience says', handPicks),
  exclude: says('People who do not belong whatever the audience says', handPicks),
  start: says(
    'When access begins: at once, on the hire date, or some days from it or from when the record was added',
    either(
      oneOf(['at-once', 'hire-date', 'date-added'], 'hire-date'),
      object({ from: oneOf(['hire-date', 'date-added']), days: whole(-365, 365) }, ['from']),
    ),
  ),
  onboarding: says('Create an account, or invite', oneOf(ONBOARDINGS)),
  whenRefused: says(
    'What to do when a create is refused because the person has an account elsewhere in the realm',
    oneOf(REFUSAL_POLICIES, 'report'),
  ),
  identifier: says('What an account is known by', oneOf(IDENTIFIER_KINDS, 'email')),
  username: says('A BambooHR field, or a text with rules in braces, such as acme-{employeeNumber}', {
    ...text,
    default: 'employeeNumber',
  }),
  email: says(
    'Fields that may hold the address: the first that is not empty',
    list(field, { minItems: 1, maxItems: 20, default: ['workEmail'] }),
  ),
  signIn: says('How an account that is created first signs in', oneOf(SIGN_INS, 'sso')),
  userType: says(
    'The type in this portal; of several the first whose rule holds',
    either(
      oneOf(USER_TYPES),
      list(either(oneOf(USER_TYPES), object({ type: oneOf(USER_TYPES), when: rule }, ['type'])), {
        minItems: 1,
        maxItems: 20,
      }),
    ),
  ),
  customData: says(
    'The portal’s custom user data by its label, and the field or rule that it comes from; null drops a default',
    mapOf(either(field, { type: 'null' }, object({ field, value: rule, type: oneOf(CUSTOM_DATA_TYPES), ...choices }))),
  ),
  groups: says(
    'Groups by title, for those for whom `when` holds',
    list(either(text, object({ title: text, titleFrom: rule, when: rule })), { maxItems: 200 }),
  ),
  ownership: says(
    'Which fields are not kept alike always: firstName, lastName, email, username, language, timeZone, userType, groups, customData, customData.<label>',
    mapOf(oneOf(OWNERSHIPS)),
  ),
  leaving: says(
    'What becomes of the account when access ends',
    either(
      oneOf(LEAVING_POLICIES, 'disable'),
      object(
        {
          action: oneOf(LEAVING_POLICIES),
          graceDays: says('Days after the last one for which access stays', whole(0, 3_650)),
          expireDays: says('Days after the end of access at which the account expires', whole(0, 3_650)),
          retainDays: says('Days after the end of access from which an admin may delete it', whole(0, 36_500)),
        },
        ['action'],
      ),
    ),
  ),
};

const portal = object(
  {
    portal: says('Portico’s name for it', slug),
    title: { type: 'string', minLength: 1, maxLength: 200 },
    topLevel: says('One portal of the realm is', { type: 'boolean', default: false }),
    baseUrl: says('Up to and without /api/v1; never a vanity URL', url),
    secretRef: says(
      'The mounted secret with username and password; begins with <tenant>-; <tenant>-<portal> unless told',
      secretRef,
    ),
    ...policy,
  },
  ['portal', 'title', 'baseUrl'],
);

const bamboohr = object(
  {
    company: says('The subdomain of bamboohr.com', {
      type: 'string',
      pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$',
    }),
    baseUrl: says('In place of https://<company>.bamboohr.com', url),
    secretRef: says('The mounted secret with apiKey; begins with <tenant>-; <tenant>-bamboohr unless told', secretRef),
    pollSeconds: says('How often BambooHR is asked what changed', { ...whole(1, 86_400), default: 60 }),
    fullReadSeconds: says('How often everybody is read', { ...whole(1, 31 * 86_400), default: 86_400 }),
  },
  ['company'],
);

const learnupon = object(
  {
    allowUserCreationIfUserAlreadyExists: says(
      'As it is set in the top-level portal: Settings > Users. Off: a person has one account in the realm, and every other portal can only invite',
      { type: 'boolean', default: false },
    ),
    language: locale('One of LearnUpon’s codes for everybody'),
    timeZone: locale('One of LearnUpon’s names for everybody, such as Dublin'),
    names: says('Whether `preferredName` stands for the first name', oneOf(['legal', 'preferred'], 'legal')),
    rules: says('Rules with names, which others use as rules.<name>', mapOf(rule)),
    defaults: says('What portals say unless they say otherwise', object(policy)),
    portals: says(
      'In the realm’s order: the first that wants a person creates the account',
      list(portal, { minItems: 1, maxItems: 200 }),
    ),
  },
  ['portals'],
);

const example = object({
  name: text,
  employee: says('BambooHR’s employee id', employee),
  facts: says('What would be in the record; what is left out is empty', mapOf({ type: 'string' })),
  employment: oneOf(EMPLOYMENT_STATES, 'employed'),
  hireDate: day,
  lastDay: day,
  day: says('The company’s day; today unless told', day),
  in: says('Portals where the person belongs', list(slug, { minItems: 1 })),
  notIn: says('Portals where the person does not belong', list(slug, { minItems: 1 })),
});

/** JSON Schema (draft 7, which editors read) of realm.yaml. What it can't say, such as that a rule is sound, `validate` says. */
export const realmSchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'realm.yaml of Portico: one tenant, its BambooHR account and its LearnUpon realm',
  ...object(
    {
      tenant: says('The tenant’s name', slug),
      pool: says('The group of workers that serves it', { ...slug, default: 'shared' }),
      active: says('False takes the tenant out: Portico stops there and touches no account', {
        type: 'boolean',
        default: true,
      }),
      timeZone: says('IANA name of the company’s time zone, such as Europe/Dublin: its days begin and end in it', text),
      bamboohr: says('Where the employees are', bamboohr),
      learnupon: says('Where the learners are to be', learnupon),
      gate: says(
        'Where more people than both of these would lose access to one portal within 24 hours, nothing is taken until somebody approves',
        object({
          people: says('So many pass always', { ...whole(0, 1_000_000), default: 20 }),
          percent: says('Of those who had access; 100 lets everything pass', {
            type: 'number',
            minimum: 0,
            maximum: 100,
            default: 10,
          }),
        }),
      ),
      examples: says(
        'Who belongs where, and who does not: a change that breaks one is refused',
        list(example, { maxItems: 500 }),
      ),
    },
    ['tenant', 'timeZone', 'bamboohr', 'learnupon'],
  ),
};
