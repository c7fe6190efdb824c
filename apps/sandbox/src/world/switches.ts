import { BAMBOOHR_SWITCHES } from './bamboohr-switches.js';

/**
 * What the reference leaves open, one switch each. `values` lists what a switch may be; the first is the default.
 * A number switch takes any whole number from 0.
 */
const SWITCHES = {
  /** The realm's "Allow user creation if user already exists", set in the top-level portal. */
  allowUserCreationIfUserAlreadyExists: {
    values: [false, true],
    about: 'POST /users for an identifier known in another portal',
  },
  portalInvitesListed: { values: [true, false], about: 'GET /group_invites also lists what POST /portal_invite made' },
  listLagSeconds: { values: [0], about: 'lists and searches show a new account or invite this many seconds late' },
  duplicateGroupInvite: { values: ['refuse', 'resend'], about: 'POST /group_invites for somebody invited already' },
  duplicatePortalInvite: {
    values: ['again', 'refuse', 'resend'],
    about: 'POST /portal_invite for somebody invited already',
  },
  disableCascades: { values: [true, false], about: 'PUT enabled:false in the top-level portal disables everywhere' },
  createOnKnownPerson: {
    values: ['keep', 'overwrite'],
    about: 'names and password of a person known in the realm, on create',
  },
  emailChangeRealmWide: { values: [true, false], about: 'a changed e-mail or username changes in every portal' },
  topLevelAdminsHidden: { values: [true, false], about: 'sub-portals do not list top-level admins' },
  emailCaseSensitive: { values: [false, true], about: 'Ada@x and ada@x are two people' },
  userIds: { values: ['per-portal', 'per-person'], about: 'whether a person has one number in all portals' },
  badCustomValue: {
    values: ['refuse', 'ignore'],
    about: 'custom user data of the wrong type or no choice of the list',
  },
  refusalStatus: { values: [400, 422, 200], about: 'HTTP status of a refusal with response_type ERROR' },
  getWithJsonContentType: {
    values: ['refuse', 'accept'],
    about: 'a GET without a body that says Content-Type: application/json',
  },
  inviteExpiresHours: { values: [0], about: 'an invite link expires after so many hours; 0 is never' },
  minuteWindow: { values: ['calendar', 'rolling'], about: 'how LearnUpon counts the calls of a minute' },
  pageSize: { values: [500, 499], about: 'rows of a page, and LU-Records-Per-Page: both were seen' },
  definitionsKey: {
    values: ['misspelt', 'right'],
    about: 'lists of users have customDataFieldDefintions or customDataFieldDefinitions',
  },
  titleFilter: { values: ['substring', 'exact'], about: '?title= of groups and portals' },
  unknownPath: { values: [401, 404], about: 'status of a path that LearnUpon does not have' },
  generatedKeys: { values: ['object', 'array'], about: 'generate_keys answers {"portal":{…}} or {"portal":[{…}]}' },
  createSendsMail: { values: [false, true], about: 'POST /users mails the learner, where the portal has no SSO' },
  autoEnrolOnCreate: { values: [false, true], about: 'a new account is enrolled in the first course of its portal' },
  bulkOperations: { values: ['off', 'on'], about: '/bulk-operations: feature_not_enabled, or jobs' },
  learnUponRetryAfter: { values: [false, true], about: 'LearnUpon sends Retry-After with 429' },
  sinceInclusive: { values: [true, false], about: 'changed?since= includes changes at that very second' },
  emptyChangesAsArray: { values: [false, true], about: 'no changes: "employees" is [] instead of {}' },
  rolloverBumpsLastChanged: {
    values: [false, true],
    about: 'a dated row that takes effect at midnight marks the employee as changed',
  },
  futureTerminationDateShown: {
    values: [true, false],
    about: 'terminationDate is filled before it is reached (onlyCurrent=true)',
  },
  terminationDateAfterRehire: { values: ['cleared', 'kept'], about: 'terminationDate of somebody who came back' },
  ...BAMBOOHR_SWITCHES,
} as const satisfies Record<string, { values: readonly (string | number | boolean)[]; about: string }>;

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

/** Every switch with what it may be, for the control API and for suites that run under each. */
export const switchTable = (): { name: SwitchName; values: readonly unknown[]; about: string }[] =>
  switchNames.map((name) => ({
    name,
    values: isOpenNumber(name) ? ['a whole number'] : SWITCHES[name].values,
    about: SWITCHES[name].about,
  }));

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
