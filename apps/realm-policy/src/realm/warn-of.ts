import { didYouMean, fieldsUsed, isStandardField, STANDARD_FIELDS } from '@portico/access-policy';
import type { RealmDocument } from './realm-document.js';
import { policyOf } from './policy-of.js';

/** What works and may not be meant, in sentences. */
export const warnOf = (document: RealmDocument, stored: RealmDocument | undefined): string[] => [
  ...fieldWarnings(document),
  ...refusedCreates(document),
  ...removedPortals(document, stored),
  ...modeWarnings(document),
  ...(document.active ? [] : [`${document.tenant} is taken out: Portico stops there and touches no account`]),
];

const fieldWarnings = (document: RealmDocument): string[] =>
  fieldsUsed(policyOf(document))
    .filter((field) => !isStandardField(field))
    .map((field) => {
      const unknown = `"${field}" is none of BambooHR's standard fields, and stays unknown where the account has no such field`;
      return `${unknown}${didYouMean(field, STANDARD_FIELDS)}`;
    });

const refusedCreates = ({ learnupon }: RealmDocument): string[] =>
  learnupon.allowUserCreationIfUserAlreadyExists
    ? []
    : learnupon.portals
        .filter(
          ({ topLevel, onboarding, whenRefused }) => !topLevel && onboarding === 'create' && whenRefused !== 'invite',
        )
        .map(
          ({ portal, whenRefused }) =>
            `${portal} creates, and LearnUpon refuses that for people with an account in another portal (allowUserCreationIfUserAlreadyExists is false): whenRefused: ${whenRefused} ${whenRefused === 'wait' ? 'leaves them waiting' : 'skips them and says so'}; invite would invite them`,
        );

const removedPortals = (document: RealmDocument, stored: RealmDocument | undefined): string[] => {
  const names = new Set(document.learnupon.portals.map(({ portal }) => portal));
  return (stored?.learnupon.portals ?? [])
    .filter(({ portal }) => !names.has(portal))
    .map(({ portal }) => `${portal} is taken out: Portico stops there and touches no account`);
};

const modeWarnings = ({ learnupon }: RealmDocument): string[] =>
  learnupon.portals.flatMap(({ portal, mode }) => {
    if (mode === 'off') return [`${portal} is off: nothing is decided or done there`];
    return mode === 'observe' ? [`${portal} is only observed: decided, and nothing is written`] : [];
  });
