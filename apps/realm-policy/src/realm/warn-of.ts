import { didYouMean, fieldsUsed, isStandardField, STANDARD_FIELDS, type KnownField } from '@portico/access-policy';
import { effectiveDocument, type EffectiveDocument } from './effective-document.js';
import type { RealmDocument } from './realm-document.js';
import { policyOf } from './policy-of.js';

/** What works and may not be meant, in sentences. */
export const warnOf = (
  document: RealmDocument,
  stored: RealmDocument | undefined,
  knownFields?: readonly KnownField[],
): string[] => {
  const realm = effectiveDocument(document);
  return [
    ...(knownFields === undefined ? fieldWarnings(document) : []),
    ...unreadFields(document, stored),
    ...refusedCreates(realm),
    ...removedPortals(document, stored),
    ...portalWarnings(realm),
    ...revivedPortals(realm, stored),
    ...(document.active ? [] : [`${document.tenant} is taken out: Portico stops there and touches no account`]),
  ];
};

const fieldWarnings = (document: RealmDocument): string[] =>
  fieldsUsed(policyOf(document))
    .filter((field) => !isStandardField(field))
    .map((field) => {
      const unknown = `"${field}" is none of BambooHR's standard fields, and stays unknown where the account has no such field`;
      return `${unknown}${didYouMean(field, STANDARD_FIELDS)}`;
    });

/** BambooHR is asked for the fields that the stored version uses, and for no others. */
const unreadFields = (document: RealmDocument, stored: RealmDocument | undefined): string[] => {
  if (stored === undefined) return [];
  const read = new Set(fieldsReadBy(stored));
  const unread = fieldsUsed(policyOf(document)).filter((field) => !read.has(field));
  if (unread.length === 0) return [];
  const are = unread.length === 1 ? 'is a field that is' : 'are fields that are';
  return [
    `${unread.join(', ')} ${are} not read yet: what needs more than is known keeps what was here, and is decided when BambooHR has been read after the apply`,
  ];
};

const fieldsReadBy = (stored: RealmDocument): readonly string[] => {
  try {
    return fieldsUsed(policyOf(stored));
  } catch {
    return [];
  }
};

const refusedCreates = ({ learnupon }: EffectiveDocument): string[] =>
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

const portalWarnings = ({ learnupon }: EffectiveDocument): string[] =>
  learnupon.portals.flatMap(({ portal, mode, ended, ramp, userType }) => {
    if (mode === 'off') return [`${portal} is off: nothing is decided or done there`];
    return [
      ...(mode === 'observe' ? [`${portal} is only observed: decided, and nothing is written`] : []),
      ...(ended ? [`${portal} is ended: access there is taken from everybody`] : []),
      ...(ramp < 100 ? [`${portal} begins with ${ramp} % of the people: nothing is done for the others`] : []),
      ...(userType?.some(({ type }) => type === 'admin') ? [`${portal} makes admins: ${ADMINS_STAY}`] : []),
    ];
  });

const ADMINS_STAY = 'LearnUpon lets them change the portal, and Portico disables them like everybody else';

const revivedPortals = ({ learnupon }: EffectiveDocument, stored: RealmDocument | undefined): string[] => {
  const ended = new Set(
    (stored === undefined ? [] : effectiveDocument(stored).learnupon.portals)
      .filter((portal) => portal.ended)
      .map(({ portal }) => portal),
  );
  return learnupon.portals
    .filter((portal) => ended.has(portal.portal) && !portal.ended)
    .map(({ portal }) => `${portal} was ended: without ended: true its people get access again`);
};
