import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { getMetadataStorage } from 'class-validator';
import { parse } from 'yaml';
import { CUSTOM_DATA_TYPES } from '@portico/access-policy';
import { realmSchema } from '@portico/contracts';
import { portal, withPortals, written } from '../../test/examples.js';
import { checkDocument } from './check-document.js';
import {
  BambooHrDocument,
  LearnUponDocument,
  PolicyDocument,
  PortalDocument,
  RealmDocument,
} from './realm-document.js';

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly items: Schema;
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
}
const validate = new Ajv({ strict: false, allowUnionTypes: true }).compile(realmSchema);
const root = realmSchema as unknown as Schema;
const at = (...path: readonly string[]): Schema =>
  path.reduce((schema, key) => (key === '*' ? schema.items : schema.properties[key]!), root);

const keysOf = (type: new () => object): string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];

describe('the published schema of realm.yaml', () => {
  it.each<[string, new () => object, Schema]>([
    ['the realm', RealmDocument, root],
    ['BambooHR', BambooHrDocument, at('bamboohr')],
    ['LearnUpon', LearnUponDocument, at('learnupon')],
    ['defaults', PolicyDocument, at('learnupon', 'defaults')],
    ['a portal', PortalDocument, at('learnupon', 'portals', '*')],
  ])('has the keys of the class: %s', (_, type, schema) => {
    expect(Object.keys(schema.properties).sort()).toEqual(keysOf(type).sort());
  });

  it('has the same types of custom data', () => {
    const source = JSON.stringify(at('learnupon', 'defaults', 'customData'));
    expect(source).toContain(JSON.stringify({ enum: CUSTOM_DATA_TYPES }));
  });

  it('takes the example, and every document that is valid', () => {
    const files = ['acme', 'everything'].map(
      (name) => new URL(`../../../../examples/${name}.realm.yaml`, import.meta.url),
    );
    const documents = files.map((file) => parse(readFileSync(file, 'utf8')) as unknown);
    for (const document of [...documents, written(), rich]) {
      expect([validate(document), validate.errors]).toEqual([true, null]);
      expect(checkDocument(document, ['shared'])).toMatchObject({ ok: true });
    }
  });

  it.each<[string, unknown]>([
    ['an unknown key', { ...written(), colour: 'red' }],
    ['a key of a portal that there is not', withPortals({ ...portal('a', 'true'), topLevel: true, titel: 'A' })],
    ['no tenant', { ...written(), tenant: undefined }],
    ['a mode that there is not', withPortals({ ...portal('a', 'true'), topLevel: true, mode: 'maybe' })],
    ['a share above all', withPortals({ ...portal('a', 'true'), topLevel: true, ramp: 101 })],
    ['too many days', withPortals({ ...portal('a', 'true'), topLevel: true, start: { from: 'hire-date', days: 999 } })],
    [
      'an exclusion without a reason',
      withPortals({ ...portal('a', 'true'), topLevel: true, exclude: [{ employee: 1 }] }),
    ],
    ['a URL without http', withPortals({ ...portal('a', 'true'), topLevel: true, baseUrl: 'ftp://a.example' })],
    ['an example with a day that is none', { ...written(), examples: [{ employee: 1, in: ['emea'], day: 'soon' }] }],
  ])('refuses, as Portico does, %s', (_, document) => {
    const sent = JSON.parse(JSON.stringify(document)) as unknown;
    expect(validate(sent)).toBe(false);
    expect(checkDocument(sent, ['shared'])).toMatchObject({ ok: false });
  });
});

const rich = {
  ...written(),
  active: true,
  examples: [{ name: 'sales', facts: { department: 'Sales' }, employment: 'employed', in: ['academy'] }],
  learnupon: {
    language: { field: 'customLanguage', choices: { German: 'de' }, otherwise: 'en' },
    timeZone: 'Dublin',
    names: 'preferred',
    rules: { sales: 'department == "Sales"' },
    defaults: { onboarding: 'create', leaving: { action: 'expire', graceDays: 3, expireDays: 30, retainDays: 90 } },
    portals: [
      {
        ...portal('academy', 'rules.sales'),
        topLevel: true,
        ramp: 12.5,
        eligible: ['Full-Time'],
        include: [{ employee: 109, reason: 'asked' }],
        exclude: [{ employee: '110', reason: 'on leave', until: '2026-05-01' }],
        start: { from: 'date-added', days: 3 },
        identifier: 'username',
        username: 'acme-{employeeNumber}',
        signIn: 'password',
        userType: [{ type: 'manager', when: 'jobTitle == "Lead"' }, 'learner'],
        customData: { Dept: 'department', Grade: { value: 'first(jobTitle, 1)', type: 'string' }, Old: null },
        groups: ['Everybody', { titleFrom: 'location', when: 'location != ""' }],
        ownership: { lastName: 'on-create', 'customData.Dept': 'never' },
      },
    ],
  },
};
