import type { HandPick } from '@portico/access-policy';
import type { PolicyExample } from '../examples/example.js';
import type { PolicyDocument, RealmDocument } from './realm-document.js';

type Loose = Readonly<Record<string, unknown>>;

/** Plain data, as it was written; what has one name only is filled in, and empty keys are left out. */
export const completeDocument = (document: RealmDocument): RealmDocument => {
  const { tenant, bamboohr, learnupon, examples } = document;
  const { defaults } = learnupon;
  const filled = {
    ...document,
    ...(examples && { examples: examples.map(withTextEmployee) }),
    bamboohr: withoutEmpty({ ...bamboohr, secretRef: bamboohr.secretRef ?? `${tenant}-bamboohr` }),
    learnupon: withoutEmpty({
      ...learnupon,
      ...(defaults && { defaults: completePolicy(defaults) }),
      portals: learnupon.portals.map((portal) => ({
        ...completePolicy(portal),
        secretRef: portal.secretRef ?? `${tenant}-${portal.portal}`,
      })),
    }),
  };
  return JSON.parse(JSON.stringify(filled)) as RealmDocument;
};

const completePolicy = (policy: PolicyDocument): Loose => {
  const { include, exclude } = policy;
  return withoutEmpty({
    ...policy,
    ...(include && { include: include.map(withTextId) }),
    ...(exclude && { exclude: exclude.map(withTextId) }),
  });
};

const withTextEmployee = (example: PolicyExample): PolicyExample =>
  example.employee === undefined ? example : { ...example, employee: String(example.employee) };

/** YAML reads an id of digits as a number. */
export const withTextId = (pick: HandPick): HandPick => ({ ...pick, employee: String(pick.employee) });

/** `language:` with nothing behind it says nothing. */
export const withoutEmpty = (value: object): Loose =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined));
