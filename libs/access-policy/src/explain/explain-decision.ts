import type { AccessReason, DecisionTime, PortalDecision } from '../decide-access.js';
import type { EmployeeFacts } from '../employee-facts.js';
import { FactValues } from '../fact-values.js';
import { handPicked } from '../hand-picks.js';
import { STATUS_FIELD, type PortalPolicy, type RealmPolicy, type WrittenPolicy } from '../policy.js';
import { rampShare } from '../ramp.js';
import type { Rule } from '../rules/compile-expression.js';
import { decidingPart, type RulePart } from './rule-parts.js';

/** What of a policy decided a cell, and what that read. */
export interface DecisionClause {
  /** The key of the portal's policy; `rules.<name>` for a named rule, `employment` for what BambooHR says alone. */
  readonly key: keyof WrittenPolicy | `rules.${string}` | 'employment';
  /** As it is written. */
  readonly text: string;
  /** The part of a rule that decides. */
  readonly part?: RulePart;
  /** BambooHR's fields that were read. */
  readonly fields: readonly string[];
  /** What else was read, by a name of ours, such as `employment.hireDate`. */
  readonly others: Readonly<Record<string, string | null>>;
}

/** Which clause made a decision. It says why; it does not decide again. */
export const explainDecision = (
  facts: EmployeeFacts,
  policy: RealmPolicy,
  portal: PortalPolicy,
  { reason }: Pick<PortalDecision, 'reason'>,
  time: DecisionTime,
): DecisionClause => CLAUSES[reason]({ facts, policy, portal, time });

interface Cell {
  readonly facts: EmployeeFacts;
  readonly policy: RealmPolicy;
  readonly portal: PortalPolicy;
  readonly time: DecisionTime;
}
type Explain = (cell: Cell) => DecisionClause;

const clause = (
  key: DecisionClause['key'],
  text: string,
  fields: readonly string[] = [],
  others: DecisionClause['others'] = {},
): DecisionClause => ({ key, text, fields, others });

const employmentOf = ({ facts: { employment } }: Cell) => ({
  'employment.state': employment.state,
  'employment.hireDate': employment.hireDate,
  'employment.lastDay': employment.lastDay,
});

/** A named rule that decides alone is looked into. */
const ofAudience: Explain = ({ facts, policy, portal, time }) => {
  const values = new FactValues(facts, policy, time.today, 'confirmed');
  let key: DecisionClause['key'] = 'audience';
  let rule = portal.audience;
  let part = decidingPart(rule, values);
  for (let depth = 0; depth < MOST_RULES; depth += 1) {
    const [, name = ''] = /^!?rules\.(\w+)$/.exec(part.expression) ?? [];
    const named = policy.named.get(name);
    if (named === undefined) break;
    [key, rule, part] = [`rules.${name}`, named, decidingPart(named, values)];
  }
  return { key, text: rule.source, part, fields: fieldsOf(part, policy), others: todayOf(rule, time) };
};
const MOST_RULES = 20;

const todayOf = ({ usesToday }: Rule, { today }: DecisionTime): DecisionClause['others'] =>
  usesToday ? { today } : {};

/** The fields that a part names, and those of the named rules in it. */
const fieldsOf = (part: RulePart, policy: RealmPolicy): readonly string[] => {
  const named = [...part.expression.matchAll(/\brules\.(\w+)/g)].map(([, name = '']) => name);
  return [...new Set([...part.fields, ...named.flatMap((name) => fieldsOfRule(name, policy, new Set()))])].sort();
};
export const fieldsOfRule = (name: string, policy: RealmPolicy, seen: Set<string>): readonly string[] => {
  const rule = policy.named.get(name);
  if (rule === undefined || seen.has(name)) return [];
  seen.add(name);
  return [...rule.fields, ...rule.rules.flatMap((inner) => fieldsOfRule(inner, policy, seen))];
};

const ofEmployment: Explain = (cell) => {
  const isEligibilityUnknown = cell.portal.eligible !== undefined;
  const text = 'whether the employment goes on';
  return clause('employment', text, isEligibilityUnknown ? [STATUS_FIELD] : [], employmentOf(cell));
};

const ofLeaving: Explain = (cell) => {
  const { action, graceDays } = cell.portal.leaving;
  return clause('leaving', graceDays > 0 ? `${action}, ${graceDays} days of grace` : action, [], employmentOf(cell));
};

const ofStart: Explain = (cell) => {
  const { from, days } = cell.portal.start;
  const text = days === 0 ? from : `${from} ${days > 0 ? '+' : '-'} ${Math.abs(days)} days`;
  return clause('start', text, [], { ...employmentOf(cell), today: cell.time.today, addedOn: cell.facts.addedOn });
};

const ofHand =
  (key: 'include' | 'exclude'): Explain =>
  ({ portal, facts, time }) => {
    const picked = handPicked(portal, facts.employeeId, time.today);
    const pick = key === 'include' ? picked.included : picked.excluded;
    const until = pick?.until === undefined ? '' : `, until ${pick.until}`;
    return clause(key, `employee ${facts.employeeId}: ${pick?.reason ?? ''}${until}`, [], { today: time.today });
  };

const ofIdentifier: Explain = ({ portal }) =>
  portal.username === undefined
    ? clause('email', portal.email.join(', '), portal.email)
    : clause('username', portal.username.source, [...new Set([...portal.username.fields, ...portal.email])]);

/** Fields of the account that were never known; else the rule that gives nothing, such as `int(location)`. */
const ofMapping: Explain = (cell) => {
  const { portal, policy, facts } = cell;
  const own = portal.customData.flatMap(({ field, value }) => [
    ...(field === undefined ? [] : [field]),
    ...(value?.fields ?? []),
  ]);
  const others = [policy.language.field, policy.timeZone.field].flatMap((field) => field ?? []);
  const all = [...portal.email, ...(portal.username?.fields ?? []), 'firstName', 'lastName', ...own, ...others];
  const missing = [...new Set(all)].filter((field) => facts.fields[field] === undefined);
  return missing.length > 0
    ? clause('customData', `the account needs ${missing.join(', ')}`, missing)
    : ofUnworkable(cell);
};

const ofUnworkable: Explain = ({ portal, policy, facts, time }) => {
  const values = new FactValues(facts, policy, time.today, 'last-known');
  if (portal.username?.fill(values) === undefined && portal.username !== undefined)
    return clause('username', `${portal.username.source} gives nothing`, portal.username.fields);
  const rules = portal.customData.flatMap(({ label, value }) =>
    value !== undefined && value.ask(values) === undefined ? [{ label, value }] : [],
  );
  return clause('customData', rules.map(({ label, value }) => `${label}: ${value.source} gives nothing`).join('; '), [
    ...new Set(rules.flatMap(({ value }) => value.fields)),
  ]);
};

const CLAUSES: Readonly<Record<AccessReason, Explain>> = {
  'in-audience': ofAudience,
  'not-in-audience': ofAudience,
  'audience-unknown': ofAudience,
  'employment-unknown': ofEmployment,
  left: ofLeaving,
  grace: ofLeaving,
  'not-started': ofStart,
  'not-eligible': ({ portal }) => clause('eligible', [...(portal.eligible ?? [])].join(', '), [STATUS_FIELD]),
  included: ofHand('include'),
  excluded: ofHand('exclude'),
  'not-in-ramp': ({ portal, facts }) =>
    clause('ramp', `${portal.ramp} %`, [], { share: rampShare(portal.rampSeed, facts.employeeId).toFixed(2) }),
  'access-ended': () => clause('ended', 'true'),
  'portal-off': ({ portal }) => clause('mode', portal.mode),
  'no-email': ({ portal }) => clause('email', portal.email.join(', '), portal.email),
  'invalid-identifier': ofIdentifier,
  'mapping-unknown': ofMapping,
};
