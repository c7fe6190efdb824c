import {
  STATUS_FIELD,
  type CompiledCustomData,
  type CompiledGroup,
  type CompiledUserType,
  type CustomDataSource,
  type HandPick,
  type HandPicks,
  type Ownership,
  type PortalPolicy,
  type PortalRules,
  type WrittenPolicy,
} from './policy.js';
import { rampSeed } from './ramp.js';
import type { RuleCompiler } from './rule-compiler.js';
import type { Rule } from './rules/compile-expression.js';

/** Where a key of a portal is written. */
export type PathOf = (key: keyof WrittenPolicy, ...rest: readonly string[]) => string;

/** `undefined` where it has faults; the compiler has them. */
export const compilePortal = (
  rules: PortalRules,
  tenant: string,
  compiler: RuleCompiler,
  pathOf: PathOf,
): PortalPolicy | undefined => {
  const audience = compiler.rule(pathOf('audience'), rules.audience);
  for (const field of rules.email) compiler.field(pathOf('email'), field);
  const username = rules.identifier === 'email' ? undefined : compiler.template(pathOf('username'), rules.username);
  const customData = Object.entries(rules.customData)
    .filter(([label]) => ownershipOf(rules, label) !== 'never')
    .map(([label, source]) => compileCustomData(label, source, compiler, pathOf));
  const groups = compileGroups(rules, compiler, pathOf);
  const userType = compileUserType(rules, compiler, pathOf);
  for (const message of handPickFaults(rules)) compiler.faults.push({ path: pathOf('exclude'), message });
  for (const message of ownershipFaults(rules)) compiler.faults.push({ path: pathOf('ownership'), message });
  compiler.values(pathOf('eligible'), STATUS_FIELD, rules.eligible ?? []);
  if (audience === undefined) return undefined;
  const { portal, mode, ended, ramp, start, onboarding, whenRefused, identifier, email, signIn, leaving } = rules;
  return {
    ...{ portal, rules, mode, ended, ramp, start, onboarding, whenRefused, identifier, email, signIn, leaving },
    rampSeed: rampSeed(tenant, portal),
    audience,
    eligible: rules.eligible && new Set(rules.eligible.map((status) => status.trim())),
    picks: picksOf(rules),
    username,
    userType,
    customData,
    groups,
    ownership: travellingOwnership(rules),
  };
};

const ownershipOf = ({ ownership }: PortalRules, label: string): Ownership =>
  ownership[`customData.${label}`] ?? ownership['customData'] ?? 'always';

/** An account is made by its identifier: that is written at least once. */
const ownershipFaults = ({ identifier, ownership }: PortalRules): string[] =>
  ownership[identifier] === 'never' ? [`${identifier} is what an account is made by: always or on-create`] : [];

/** Only what is not kept alike always, label by label. */
const travellingOwnership = (rules: PortalRules): Readonly<Record<string, Ownership>> | undefined => {
  const { customData: _all, ...fields } = rules.ownership;
  const labels = Object.keys(rules.customData).map((label) => [`customData.${label}`, ownershipOf(rules, label)]);
  const entries = Object.entries({ ...fields, ...Object.fromEntries(labels) } as Record<string, Ownership>).filter(
    ([field, owner]) => owner !== 'always' && (!field.startsWith('customData.') || owner !== 'never'),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

const compileCustomData = (
  label: string,
  { field, value, type = 'string', choices, otherwise = null }: CustomDataSource,
  compiler: RuleCompiler,
  pathOf: PathOf,
): CompiledCustomData => {
  if (field !== undefined) {
    compiler.field(pathOf('customData', label), field);
    compiler.values(pathOf('customData', label, 'choices'), field, Object.keys(choices ?? {}));
  }
  const rule = value === undefined ? undefined : compiler.text(pathOf('customData', label, 'value'), value);
  return {
    label,
    type,
    otherwise,
    ...(field === undefined ? {} : { field }),
    ...(rule === undefined ? {} : { value: rule }),
    ...(choices === undefined ? {} : { choices: new Map(Object.entries(choices)) }),
  };
};

const compileWhen = (path: string, when: string | undefined, compiler: RuleCompiler): { when?: Rule } => {
  const rule = when === undefined ? undefined : compiler.rule(path, when);
  return rule === undefined ? {} : { when: rule };
};

const compileGroups = (
  { groups }: PortalRules,
  compiler: RuleCompiler,
  pathOf: PathOf,
): readonly CompiledGroup[] | undefined =>
  groups?.map(({ title, titleFrom, when }, index) => {
    const path = (key: string) => pathOf('groups', String(index), key);
    const rule = titleFrom === undefined ? undefined : compiler.text(path('titleFrom'), titleFrom);
    return {
      ...(title === undefined ? {} : { title }),
      ...(rule === undefined ? {} : { titleFrom: rule }),
      ...compileWhen(path('when'), when, compiler),
    };
  });

const compileUserType = (
  { userType }: PortalRules,
  compiler: RuleCompiler,
  pathOf: PathOf,
): readonly CompiledUserType[] | undefined =>
  userType?.map(({ type, when }, index) => ({
    type,
    ...compileWhen(pathOf('userType', String(index), 'when'), when, compiler),
  }));

const picksOf = ({ include, exclude }: PortalRules): ReadonlyMap<string, HandPicks> | undefined => {
  if (include.length + exclude.length === 0) return undefined;
  const ids = new Set([...include, ...exclude].map(({ employee }) => employee));
  const of = (picks: readonly HandPick[], id: string) => picks.filter(({ employee }) => employee === id);
  return new Map([...ids].map((id) => [id, { include: of(include, id), exclude: of(exclude, id) }]));
};

const handPickFaults = ({ include, exclude }: PortalRules): string[] => {
  const included = new Set(include.map(({ employee }) => employee));
  return [...new Set(exclude.map(({ employee }) => employee))]
    .filter((employee) => included.has(employee))
    .map((employee) => `employee ${employee} is included and excluded: keep one of the two`);
};
