import { addDays, daysBetween, parseDay } from '../day-number.js';
import type { AccessReason, DecisionTime } from '../decide-access.js';
import type { EmployeeFacts } from '../employee-facts.js';
import { editDistance } from '../nearest-name.js';
import { STATUS_FIELD, type PortalPolicy, type RealmPolicy } from '../policy.js';
import type { Change } from './change.js';
import { employmentChanges, withEmployment } from './employment-changes.js';
import { fieldsOfRule } from './explain-decision.js';
import { comparisonsOf, type Comparisons } from './rule-parts.js';

export interface FactChangesInput {
  readonly facts: EmployeeFacts;
  readonly policy: RealmPolicy;
  readonly portal: PortalPolicy;
  readonly reason: AccessReason;
  readonly time: DecisionTime;
  /** The fields that the deciding clause read. */
  readonly first: readonly string[];
}

interface Value {
  readonly to: string | null;
  readonly isAnyOther?: boolean;
}

/** Changes of the employee's record that are worth asking the policy about. */
export const factChanges = (input: FactChangesInput): Change[] => {
  const { portal, policy, first } = input;
  const own = once(ofPortal, portal, () => comparisonsOf([portal.audience, ...policy.named.values()]));
  const others = once(ofPolicy, policy, () => comparisonsOf(policy.portals.map(({ audience }) => audience)));
  const audience = [
    portal.audience.fields,
    ...portal.audience.rules.map((name) => fieldsOfRule(name, policy, new Set())),
  ];
  const ranked = [first, audience.flat(), portal.eligible ? [STATUS_FIELD] : [], mappedFields(portal)];
  const seen = new Set<string>();
  const fields = ranked.flatMap((names, rank) =>
    names.flatMap((field) => (seen.has(field) ? [] : [{ field, rank, seen: seen.add(field) }])),
  );
  return [
    ...fields.flatMap(({ field, rank }) => changesOf(field, rank === MAPPED ? LAST : rank, input, own, others)),
    ...employmentChanges(input.facts, input.reason, input.time, portal.leaving),
  ];
};

const ofPortal = new WeakMap<PortalPolicy, Comparisons>();
const ofPolicy = new WeakMap<RealmPolicy, Comparisons>();

/** Looked for once, as long as the policy lives. */
const once = <Key extends object>(known: WeakMap<Key, Comparisons>, key: Key, find: () => Comparisons): Comparisons => {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
};

const MAPPED = 3;
/** That an account would lack something is a farther change than that the employment ends. */
const LAST = 11;

const mappedFields = (portal: PortalPolicy): readonly string[] => [
  ...portal.email,
  ...(portal.username?.fields ?? []),
  ...portal.customData.flatMap(({ field }) => field ?? []),
  'firstName',
  'lastName',
];

const changesOf = (
  field: string,
  rank: number,
  { facts, portal, time }: FactChangesInput,
  own: Comparisons,
  others: Comparisons,
): Change[] => {
  const from = facts.fields[field];
  const values: Value[] = [
    ...(from === undefined || !facts.unconfirmed.includes(field) ? [] : [{ to: from }]),
    ...[...(own.texts.get(field) ?? [])].flatMap(nearTexts),
    ...(field === STATUS_FIELD ? [...(portal.eligible ?? [])].map((to) => ({ to })) : []),
    ...[...(own.numbers.get(field) ?? [])].flatMap((number) => nearNumbers(number, from, time.today)),
    ...[...(others.texts.get(field) ?? [])].map((to) => ({ to })),
    ...anyOther(field, portal),
    { to: null },
  ];
  const isKnown = from !== undefined && !facts.unconfirmed.includes(field);
  return values
    .filter(({ to }) => !isKnown || (to ?? '') !== (from ?? ''))
    .map((value) => ({
      ...value,
      field,
      from,
      rank,
      distance: distanceOf(from, value),
      facts: withField(facts, field, value.to, time.today),
    }));
};

const nearTexts = (text: string): Value[] => {
  if (text === '') return [{ to: null }];
  const isDay = parseDay(text) !== undefined;
  return isDay ? [{ to: text }, { to: addDays(text, 1) }, { to: addDays(text, -1) }] : [{ to: text }];
};

const MOST_DAYS = 36_500;

/** A number beside a field is a count of days from today, or a length. */
const nearNumbers = (number: number, from: string | null | undefined, today: string): Value[] =>
  Number.isInteger(number) && Math.abs(number) < MOST_DAYS
    ? [-1, 0, 1].flatMap((step) => [
        ...(from && parseDay(from) === undefined
          ? []
          : [{ to: addDays(today, number + step) }, { to: addDays(today, -number - step) }]),
        ...(number + step >= 1 && number + step <= 100 ? [{ to: 'x'.repeat(number + step), isAnyOther: true }] : []),
      ])
    : [];

/** What no rule names; for an address or a username one that is valid. */
const anyOther = (field: string, portal: PortalPolicy): Value[] => {
  if (portal.email.includes(field)) return [{ to: 'someone@example.com', isAnyOther: true }];
  if (portal.username?.fields.includes(field)) return [{ to: 'username1', isAnyOther: true }];
  return [{ to: 'another value', isAnyOther: true }];
};

const FAR = 10_000;

const distanceOf = (from: string | null | undefined, { to, isAnyOther }: Value): number => {
  if (isAnyOther === true) return FAR;
  if (to === null) return FAR + 1;
  const days = daysBetween(from ?? '', to);
  return days === undefined ? editDistance((from ?? '').slice(0, 100), to.slice(0, 100)) : Math.abs(days);
};

/** The record with another value, confirmed. A hire date or a last day is the employment's too. */
const withField = (facts: EmployeeFacts, field: string, to: string | null, today: string): EmployeeFacts => {
  const changed = {
    ...facts,
    fields: { ...facts.fields, [field]: to },
    unconfirmed: facts.unconfirmed.filter((name) => name !== field),
  };
  const isDay = to === null || parseDay(to) !== undefined;
  return field === 'hireDate' && isDay ? withEmployment(changed, { hireDate: to }, today) : changed;
};
