import { compilePortal, type PathOf } from './compile-portal.js';
import { findCycles } from './find-cycles.js';
import { withoutRepeats, type PolicyFault } from './policy-faults.js';
import type { CompiledLocale, LocaleSource, PortalPolicy, RealmPolicy, RealmRules, WrittenPortal } from './policy.js';
import { resolvePortal } from './resolve-portal.js';
import { RuleCompiler } from './rule-compiler.js';
import type { Rule } from './rules/compile-expression.js';
import type { KnownField } from './rules/field-catalogue.js';

export type PolicyResult =
  | { readonly ok: true; readonly policy: RealmPolicy; readonly warnings: readonly PolicyFault[] }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/**
 * Compiles a realm's rules; all faults at once.
 * @param knownFields the fields that the BambooHR account has; without it every name is taken for a field.
 */
export const compilePolicy = (rules: RealmRules, knownFields?: readonly KnownField[]): PolicyResult => {
  const compiler = new RuleCompiler(knownFields, Object.keys(rules.rules ?? {}));
  const named = compileNamed(rules, compiler);
  const language = compileLocale('language', rules.language, compiler);
  const timeZone = compileLocale('timeZone', rules.timeZone, compiler);
  const portals = rules.portals.map((written) => compileWritten(written, rules, compiler));
  compiler.boundTogether();
  const faults = [...compiler.faults, ...findCycles(named)];
  if (faults.length > 0) return { ok: false, faults: withoutRepeats(faults) };
  const policy = {
    tenant: rules.tenant ?? '',
    language,
    timeZone,
    names: rules.names ?? 'legal',
    named,
    portals: portals.filter((portal) => portal !== undefined),
    needsDateAdded: portals.some((portal) => portal?.start.from === 'date-added'),
  };
  return { ok: true, policy, warnings: withoutRepeats(compiler.warnings) };
};

const compileNamed = ({ rules = {} }: RealmRules, compiler: RuleCompiler): ReadonlyMap<string, Rule> =>
  new Map(
    Object.entries(rules).flatMap(([name, source]) => {
      const rule = compiler.rule(`rules.${name}`, source);
      return rule === undefined ? [] : [[name, rule] as const];
    }),
  );

const compileLocale = (path: string, source: LocaleSource | undefined, compiler: RuleCompiler): CompiledLocale => {
  if (typeof source !== 'object') return { ...(source === undefined ? {} : { fixed: source }), otherwise: null };
  compiler.field(`${path}.field`, source.field);
  compiler.values(`${path}.choices`, source.field, Object.keys(source.choices ?? {}));
  const { field, choices, otherwise = null } = source;
  return { field, otherwise, ...(choices === undefined ? {} : { choices: new Map(Object.entries(choices)) }) };
};

const compileWritten = (
  written: WrittenPortal,
  { tenant = '', defaults }: RealmRules,
  compiler: RuleCompiler,
): PortalPolicy | undefined =>
  compilePortal(resolvePortal(written, defaults), tenant, compiler, pathsOf(written, defaults));

/** A fault of a default is a fault of `defaults`, whichever portal takes it. */
const pathsOf =
  (written: WrittenPortal, defaults: RealmRules['defaults']): PathOf =>
  (key, ...rest) => {
    const label = rest[0];
    const own = written[key];
    const isOwn = key === 'customData' && label !== undefined ? hasKey(own, label) : own !== undefined;
    const isDefault = !isOwn && defaults?.[key] !== undefined;
    return [...(isDefault ? ['defaults'] : ['portals', written.portal]), key, ...rest].join('.');
  };

const hasKey = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);
