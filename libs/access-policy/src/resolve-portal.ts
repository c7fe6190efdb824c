import type {
  CustomDataSource,
  GroupRule,
  GroupSource,
  LeavingRule,
  LeavingSource,
  PortalRules,
  StartRule,
  StartSource,
  UserTypeRule,
  UserTypeSource,
  WrittenPolicy,
  WrittenPortal,
} from './policy.js';

/** What holds where neither a portal nor the realm's defaults say anything. */
export const BUILT_IN = {
  mode: 'on',
  ended: false,
  ramp: 100,
  audience: 'false',
  include: [],
  exclude: [],
  start: 'hire-date',
  onboarding: 'create',
  whenRefused: 'report',
  identifier: 'email',
  username: 'employeeNumber',
  email: ['workEmail'],
  signIn: 'sso',
  leaving: 'disable',
} as const satisfies WrittenPolicy;

/** A portal's policy with the realm's defaults and short forms filled in. Maps by label are joined label by label. */
export const resolvePortal = (portal: WrittenPortal, defaults: WrittenPolicy = {}): PortalRules => {
  const written = { ...BUILT_IN, ...defined(defaults), ...defined(portal) };
  const { eligible, userType, groups } = written;
  return {
    portal: portal.portal,
    mode: written.mode,
    ended: written.ended,
    ramp: written.ramp,
    audience: written.audience,
    ...(eligible === undefined ? {} : { eligible }),
    include: written.include,
    exclude: written.exclude,
    start: resolveStart(written.start),
    onboarding: written.onboarding,
    whenRefused: written.whenRefused,
    identifier: written.identifier,
    username: written.username,
    email: written.email,
    signIn: written.signIn,
    ...(userType === undefined ? {} : { userType: resolveUserType(userType) }),
    customData: resolveCustomData({ ...defaults.customData, ...portal.customData }),
    ...(groups === undefined ? {} : { groups: groups.map(resolveGroup) }),
    ownership: { ...defaults.ownership, ...portal.ownership },
    leaving: resolveLeaving(written.leaving),
  };
};

const defined = <T extends object>(written: T): Partial<T> =>
  Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)) as Partial<T>;

const resolveStart = (start: StartSource): StartRule =>
  typeof start === 'string' ? { from: start, days: 0 } : { from: start.from, days: start.days ?? 0 };

const resolveLeaving = (leaving: LeavingSource): LeavingRule => {
  const written = typeof leaving === 'string' ? { action: leaving } : leaving;
  return { graceDays: 0, expireDays: 0, retainDays: null, ...defined(written), action: written.action };
};

const resolveUserType = (userType: UserTypeSource): UserTypeRule[] =>
  [userType].flat().map((rule) => (typeof rule === 'string' ? { type: rule } : rule));

const resolveGroup = (group: GroupSource): GroupRule => (typeof group === 'string' ? { title: group } : group);

const resolveCustomData = (
  customData: Readonly<Record<string, string | CustomDataSource | null>>,
): Record<string, CustomDataSource> =>
  Object.fromEntries(
    Object.entries(customData).flatMap(([label, source]) =>
      source === null ? [] : [[label, typeof source === 'string' ? { field: source } : source]],
    ),
  );
