import { compileRule } from './compile-rule.js';
import { didYouMean } from './nearest-name.js';
import type { PortalPolicy, PortalRules, RealmPolicy, RealmRules } from './policy.js';

export interface PolicyFault {
  /** Such as `portals.emea.audience`. */
  readonly path: string;
  readonly message: string;
}
export type PolicyResult =
  { readonly ok: true; readonly policy: RealmPolicy } | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/**
 * Compiles a realm's rules; all faults at once.
 * @param knownFields the fields that the BambooHR account has; without it every name is taken for a field.
 */
export const compilePolicy = (rules: RealmRules, knownFields?: readonly string[]): PolicyResult => {
  const audiences = rules.portals.map((portal) => compileRule(portal.audience, knownFields));
  const faults = [
    ...rules.portals.flatMap((portal, index) => {
      const audience = audiences[index];
      const messages = audience?.ok === false ? audience.messages : [];
      return messages.map((message) => ({ path: `portals.${portal.portal}.audience`, message }));
    }),
    ...(knownFields === undefined ? [] : mappingFaults(rules, knownFields)),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const portals = rules.portals.flatMap((portal, index): PortalPolicy[] => {
    const audience = audiences[index];
    return audience?.ok ? [{ ...portal, audience: audience.rule, customData: Object.entries(portal.customData) }] : [];
  });
  const ruleFields = [...new Set(portals.flatMap(({ audience }) => audience.fields))].sort();
  return { ok: true, policy: { language: rules.language, portals, ruleFields } };
};

const mappingFaults = ({ language, portals }: RealmRules, known: readonly string[]): PolicyFault[] => {
  const used = [
    ...(typeof language === 'object' ? [{ path: 'language.field', field: language.field }] : []),
    ...portals.flatMap((portal) => fieldsMapped(portal)),
  ];
  return used
    .filter(({ field }) => !known.includes(field))
    .map(({ path, field }) => ({ path, message: `no field "${field}"${didYouMean(field, known)}` }));
};

const fieldsMapped = (portal: PortalRules): { path: string; field: string }[] => {
  const path = `portals.${portal.portal}`;
  return [
    ...portal.email.map((field) => ({ path: `${path}.email`, field })),
    ...(portal.identifier === 'username' ? [{ path: `${path}.username`, field: portal.username }] : []),
    ...Object.entries(portal.customData).map(([label, field]) => ({ path: `${path}.customData.${label}`, field })),
  ];
};
