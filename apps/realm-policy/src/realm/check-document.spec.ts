import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { checked, portal, withPortals, written } from '../../test/examples.js';
import { checkDocument, keysOf } from './check-document.js';
import { BambooHrDocument, LearnUponDocument, PortalDocument, RealmDocument } from './realm-document.js';

const faults = (value: unknown): Record<string, string> => {
  const result = checkDocument(value, ['shared', 'big']);
  return result.ok ? {} : Object.fromEntries(result.faults.map(({ path, message }) => [path, message]));
};
const academy = { ...portal('academy', 'true'), topLevel: true };

describe('checkDocument', () => {
  it.each(['acme', 'everything'])('lets the example pass: %s', (name) => {
    const file = new URL(`../../../../examples/${name}.realm.yaml`, import.meta.url);
    expect(faults(parse(readFileSync(file, 'utf8')))).toEqual({});
  });

  it('has every key in the example that is to have every key', () => {
    const file = new URL('../../../../examples/everything.realm.yaml', import.meta.url);
    const document = checked(parse(readFileSync(file, 'utf8')));
    const { defaults, portals, ...realm } = document.learnupon;
    const keys = [document, document.bamboohr, realm, defaults ?? {}, ...portals].flatMap((part) => Object.keys(part));
    const known = [RealmDocument, BambooHrDocument, LearnUponDocument, PortalDocument].flatMap(keysOf);
    expect(known.filter((key) => !['defaults', 'portals', ...keys].includes(key))).toEqual([]);
  });

  it('keeps what is written, and fills in what has one name only', () => {
    const document = checked(withPortals(academy));
    expect(document).toEqual({
      tenant: 'acme',
      pool: 'shared',
      active: true,
      timeZone: 'Europe/Dublin',
      bamboohr: { company: 'acme', secretRef: 'acme-bamboohr', pollSeconds: 60, fullReadSeconds: 86_400 },
      learnupon: {
        allowUserCreationIfUserAlreadyExists: false,
        portals: [
          {
            portal: 'academy',
            title: 'academy',
            topLevel: true,
            baseUrl: 'https://academy.learnupon.com',
            secretRef: 'acme-academy',
            audience: 'true',
            onboarding: 'create',
          },
        ],
      },
    });
    expect(checked(document)).toEqual(document);
  });

  it('names all faults at once, each with its place and the remedy', () => {
    expect(
      faults({
        tenant: 'Acme Inc',
        timezone: 'Europe/Dublin',
        pool: 'huge',
        bamboohr: { company: 'https://acme.bamboohr.com', secretRef: '../etc', pollSeconds: 0 },
        learnupon: {
          language: 'en-GB',
          portals: [
            { ...academy, audiance: 'x' },
            { ...portal('emea', 'departmnt == '), onboarding: 'created', customData: { Site: 'the site' } },
            { ...portal('APAC', 'department.startWith("S")'), email: 'workEmail', topLevel: true },
          ],
        },
      }),
    ).toEqual({
      tenant: 'must match [a-z0-9-]{1,40}',
      timeZone: 'is missing',
      timezone: 'unknown key; did you mean "timeZone"?',
      pool: 'nobody serves the pool "huge": take one of shared, big',
      'bamboohr.company': 'must be the subdomain of bamboohr.com alone',
      'bamboohr.secretRef': 'must name a mounted secret: a-z, 0-9 and -',
      'bamboohr.pollSeconds': 'must not be less than 1',
      'learnupon.language': expect.stringMatching(/^must be one of LearnUpon's codes .*; did you mean "en_gb"\?$/),
      'learnupon.portals': 'must have one portal with topLevel: true, and has 2: academy, APAC',
      'learnupon.portals.academy.audiance': 'unknown key; did you mean "audience"?',
      'learnupon.portals.emea.audience': 'Unexpected token: EOF (at character 14)',
      'learnupon.portals.emea.onboarding': 'must be one of create, invite',
      'learnupon.portals.emea.customData.Site': 'must name a BambooHR field, such as workEmail',
      'learnupon.portals.APAC.portal': 'must match [a-z0-9-]{1,40}',
      'learnupon.portals.APAC.audience': 'no function "startWith" (at character 12); did you mean "startsWith"?',
      'learnupon.portals.APAC.email': 'must list BambooHR fields',
    });
  });

  it.each([
    [null, { '': 'is no realm: begin with tenant, timeZone, bamboohr, learnupon' }],
    [[], { '': 'is no realm: begin with tenant, timeZone, bamboohr, learnupon' }],
    [written({ learnupon: undefined }), { learnupon: 'is missing' }],
    [written({ timeZone: 'Europe/Cork' }), { timeZone: 'must be an IANA time zone, such as Europe/Dublin' }],
    [written({ timeZone: '+01:00' }), { timeZone: 'must be an IANA time zone, such as Europe/Dublin' }],
    [withPortals(portal('emea', 'true')), { 'learnupon.portals': 'must have one portal with topLevel: true' }],
    [withPortals(academy, portal('academy', 'true')), { 'learnupon.portals': 'has the portal "academy" twice' }],
    [
      withPortals({ ...academy, audience: true }),
      {
        'learnupon.portals.academy.audience': "must be a rule in quotes, such as 'department == \"Sales\"' or 'true'",
      },
    ],
  ])('%#: refuses what it cannot take', (value, expected) => {
    expect(faults(value)).toEqual(expected);
  });

  it.each([[5], ['x'], [{ learnupon: { portals: 'x' } }], [{ learnupon: { portals: [null, 5] } }], [{ bamboohr: [] }]])(
    '%j: has faults and breaks nothing',
    (value) => {
      expect(Object.keys(faults(value)).length).toBeGreaterThan(0);
    },
  );
});
