import { dayOf } from './days.js';
import { EVIDENCE_FIELDS, type Employment, type FieldValues, type KnownEmployee, type Sighting } from './facts.js';
import { judgeEmployment } from './judge-employment.js';

export type ChangeKind = 'joiner' | 'mover' | 'leaver' | 'other';

/** What one person is now, and what kind of change led there. */
export interface EmployeeChange extends KnownEmployee {
  readonly change: ChangeKind;
}

export interface ChangeTotals {
  readonly joiners: number;
  readonly movers: number;
  readonly leavers: number;
}

export interface DetectContext {
  /** The company's day when the read began, `YYYY-MM-DD`. */
  readonly today: string;
  /** The fields that policy uses; the evidence is known besides. */
  readonly fields: readonly string[];
}

/**
 * Compares what was known with what a read found, person by person, and gives the people who are not as they were.
 *
 * Absence is never departure: a person who is `missing`, or a field that is not in a row, keeps the last known value and
 * becomes unconfirmed. The order of sightings does not matter; a person seen twice counts as seen last.
 */
export const detectChanges = (
  previous: ReadonlyMap<string, KnownEmployee>,
  sightings: readonly Sighting[],
  context: DetectContext,
): EmployeeChange[] => {
  const wanted = [...new Set([...context.fields, ...EVIDENCE_FIELDS])].sort();
  return [...new Map(sightings.map((sighting) => [sighting.employeeId, sighting])).values()].flatMap((sighting) => {
    const before = previous.get(sighting.employeeId);
    const now = look(before, sighting, wanted, context.today);
    if (now === undefined || (before !== undefined && isSame(before, now))) return [];
    return [{ ...now, change: kindOf(before, now, context.fields) }];
  });
};

export const countChanges = (changes: readonly Pick<EmployeeChange, 'change'>[]): ChangeTotals => {
  const count = (kind: ChangeKind) => changes.filter(({ change }) => change === kind).length;
  return { joiners: count('joiner'), movers: count('mover'), leavers: count('leaver') };
};

const look = (
  before: KnownEmployee | undefined,
  sighting: Sighting,
  wanted: readonly string[],
  today: string,
): KnownEmployee | undefined => {
  if (sighting.kind !== 'seen') return before && lookAway(before, sighting.kind, wanted);
  const values = keepFields(before === undefined ? sighting.values : { ...before.values, ...sighting.values }, wanted);
  const verdict = judgeEmployment(sighting.values, today, sighting.employmentRows);
  const isSilent = verdict.state === 'unknown' && before?.employment.state === 'left';
  return {
    employeeId: sighting.employeeId,
    values,
    unconfirmed: wanted.filter((field) => sighting.values[field] === undefined),
    employment: isSilent ? before.employment : { ...verdict, ...daysOf(values) },
  };
};

/** Someone who has left stays so until something says otherwise. */
const lookAway = (before: KnownEmployee, kind: 'missing' | 'deleted', wanted: readonly string[]): KnownEmployee => {
  const employment = (): Employment => {
    if (before.employment.state === 'left') return before.employment;
    if (kind === 'deleted') return { ...before.employment, state: 'left', evidence: 'deleted-and-404' };
    return { ...before.employment, state: 'unknown', evidence: 'missing-from-read' };
  };
  return { ...before, values: keepFields(before.values, wanted), unconfirmed: wanted, employment: employment() };
};

/** The values themselves where nothing is to be left out: a first read keeps everybody's at once. */
const keepFields = (values: FieldValues, wanted: readonly string[]): FieldValues => {
  const kept = wanted.filter((field) => values[field] !== undefined);
  if (kept.length === Object.keys(values).length) return values;
  return Object.fromEntries(kept.map((field) => [field, values[field] ?? null]));
};

const daysOf = (values: FieldValues): Pick<Employment, 'hireDate' | 'lastDay'> => {
  const hireDate = dayOf(values['hireDate']) ?? null;
  const termination = dayOf(values['terminationDate']) ?? null;
  const isEarlierEmployment = termination !== null && hireDate !== null && termination < hireDate;
  return { hireDate, lastDay: isEarlierEmployment ? null : termination };
};

const isSame = (before: KnownEmployee, now: KnownEmployee): boolean =>
  isSameEmployment(before.employment, now.employment) &&
  isSameList(before.unconfirmed, now.unconfirmed) &&
  isSameValues(before.values, now.values);

const isSameEmployment = (one: Employment, other: Employment): boolean =>
  one.state === other.state &&
  one.evidence === other.evidence &&
  one.hireDate === other.hireDate &&
  one.lastDay === other.lastDay;

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item, index) => item === other[index]);

const isSameValues = (one: FieldValues, other: FieldValues): boolean => {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
};

const isPresent = ({ employment }: KnownEmployee): boolean =>
  employment.state === 'employed' || employment.state === 'expected';

const kindOf = (before: KnownEmployee | undefined, now: KnownEmployee, fields: readonly string[]): ChangeKind => {
  if (isJoiner(before, now)) return 'joiner';
  if (before === undefined) return 'other';
  if (now.employment.state === 'left') return before.employment.state === 'left' ? 'other' : 'leaver';
  return fields.some((field) => before.values[field] !== now.values[field]) ? 'mover' : 'other';
};

const isJoiner = (before: KnownEmployee | undefined, now: KnownEmployee): boolean => {
  if (!isPresent(now)) return false;
  if (before === undefined || before.employment.state === 'left') return true;
  return before.employment.state === 'expected' && now.employment.state === 'employed';
};
