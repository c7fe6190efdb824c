import { BAMBOOHR_SWITCHES } from './bamboohr-switches.js';
import { LEARNUPON_SWITCHES } from './learnupon-switches.js';

type Value = string | number | boolean;

interface SwitchSpec {
  readonly values: readonly Value[];
  /** Of a number switch: numbers that are worth a try. */
  readonly examples?: readonly number[];
  readonly about: string;
}

/**
 * What the reference leaves open, one switch each. `values` lists what a switch may be; the first is the default.
 * A number switch takes any whole number from 0.
 */
const SWITCHES = {
  ...LEARNUPON_SWITCHES,
  ...BAMBOOHR_SWITCHES,
} as const satisfies Record<string, SwitchSpec>;

type Widen<T> = T extends number ? number : T;
export type SwitchName = keyof typeof SWITCHES;
export type Switches = { -readonly [Name in SwitchName]: Widen<(typeof SWITCHES)[Name]['values'][number]> };

const isOpenNumber = (name: SwitchName): boolean => {
  const values: readonly unknown[] = SWITCHES[name].values;
  return values.length === 1;
};

const isAllowed = (name: SwitchName, value: unknown): boolean =>
  isOpenNumber(name)
    ? Number.isSafeInteger(value) && (value as number) >= 0
    : (SWITCHES[name].values as readonly unknown[]).includes(value);

export const switchNames = Object.keys(SWITCHES) as readonly SwitchName[];

export interface SwitchEntry {
  readonly name: SwitchName;
  readonly vendor: 'bamboohr' | 'learnupon';
  readonly values: readonly unknown[];
  readonly default: unknown;
  readonly about: string;
}

/** Every switch with what it may be, for the control API and for suites that run under each. */
export const switchTable = (): SwitchEntry[] =>
  switchNames.map((name) => ({
    name,
    vendor: name in LEARNUPON_SWITCHES ? 'learnupon' : 'bamboohr',
    values: isOpenNumber(name) ? ['a whole number'] : SWITCHES[name].values,
    default: SWITCHES[name].values[0],
    about: SWITCHES[name].about,
  }));

/** Every value that a vendor's switches may have beside the default: a suite that runs under each of these knows. */
export const switchCases = (vendor: SwitchEntry['vendor']): { name: SwitchName; value: Value }[] =>
  switchTable()
    .filter((entry) => entry.vendor === vendor)
    .flatMap(({ name }) => {
      const { values, examples = [] }: SwitchSpec = SWITCHES[name];
      return [...values.slice(1), ...examples].map((value) => ({ name, value }));
    });

/** @throws RangeError that names the unknown switches and values, all at once; nothing is set then. */
export const setSwitches = (switches: Switches, changes: Readonly<Record<string, unknown>>): void => {
  const faults = Object.entries(changes).flatMap(([name, value]) => {
    if (!switchNames.includes(name as SwitchName)) return [`no switch is named ${name}`];
    if (isAllowed(name as SwitchName, value)) return [];
    const { values } = SWITCHES[name as SwitchName];
    return [
      `${name} is ${isOpenNumber(name as SwitchName) ? 'a whole number from 0' : `one of ${JSON.stringify(values)}`}`,
    ];
  });
  if (faults.length > 0) throw new RangeError(faults.join('; '));
  Object.assign(switches, changes);
};

export const createSwitches = (changes: Partial<Switches> = {}): Switches => {
  const defaults = Object.fromEntries(
    switchNames.map((name) => [name, SWITCHES[name].values[0]]),
  ) as unknown as Switches;
  setSwitches(defaults, changes);
  return defaults;
};
