import {
  INVITE_STATUSES,
  normaliseLabel,
  USER_TYPES,
  type CustomFieldDefinition,
  type InviteStatus,
  type LearnUponGroup,
  type LearnUponInvite,
  type LearnUponPortal,
  type LearnUponUser,
  type NewUser,
  type UserPatch,
  type UserType,
} from './learnupon.client.js';

/** LearnUpon's words stop here. */
type Wire = Readonly<Record<string, unknown>>;

const isWire = (value: unknown): value is Wire => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | null =>
  value === null || value === undefined || value === '' ? null : String(value);
const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === 1 || value === '1';
const count = (value: unknown): number | null => (Number.isFinite(Number(value ?? Number.NaN)) ? Number(value) : null);
/** A value of custom user data: a boolean comes back as 1 or 0, as text. */
const datum = (value: unknown): string | null => (typeof value === 'boolean' ? (value ? '1' : '0') : text(value));

/** The array under the first of the names that has one. LearnUpon's envelopes are singular or plural, as it happens. */
export const rowsOf = (body: unknown, names: readonly string[]): readonly Wire[] | undefined => {
  if (!isWire(body)) return undefined;
  const found = names.map((name) => body[name]).find((value) => value !== undefined);
  if (isWire(found)) return [found];
  return Array.isArray(found) ? found.filter(isWire) : undefined;
};

/** The second spelling is LearnUpon's own. */
const DEFINITIONS = ['customDataFieldDefinitions', 'customDataFieldDefintions'];

export const labelsOf = (body: unknown): Map<string, string> | undefined => {
  const rows = rowsOf(body, DEFINITIONS);
  return rows && new Map(rows.map((row) => [String(row['id']), normaliseLabel(String(row['label']))]));
};

/** By LearnUpon's `type_id`. A type that is not documented takes whatever it takes. */
const FIELD_TYPES: Readonly<Record<string, CustomFieldDefinition['type']>> = {
  2: 'decimal',
  3: 'integer',
  5: 'decimal',
  6: 'integer',
  7: 'date',
};
const CHOICES = new Set(['4', '5', '6']);

/** A text of values with commas between them, or a list. */
const choicesOf = (value: unknown): string[] => {
  const values = Array.isArray(value) ? value : (text(value) ?? '').split(/[,\n]/);
  return values.map((each) => String(each).trim()).filter((each) => each !== '');
};

const toDefinition = (row: Wire): CustomFieldDefinition => {
  const type = String(row['type_id']);
  const choices = CHOICES.has(type) ? choicesOf(row['predefined_values']) : [];
  return {
    label: normaliseLabel(String(row['label'])),
    type: FIELD_TYPES[type] ?? 'string',
    ...(choices.length === 0 ? {} : { choices }),
  };
};

export const definitionsOf = (body: unknown): CustomFieldDefinition[] | undefined =>
  rowsOf(body, DEFINITIONS)?.map(toDefinition);

const customDataOf = (row: Wire, labels: ReadonlyMap<string, string> | undefined): Record<string, string | null> => {
  const data: Record<string, string | null> = {};
  if (isWire(row['CustomData'])) {
    for (const [label, value] of Object.entries(row['CustomData'])) data[normaliseLabel(label)] = datum(value);
  }
  for (const { definition_id: id, value } of rowsOf(row, ['customDataFieldValues']) ?? []) {
    const label = labels?.get(String(id));
    if (label !== undefined && data[label] === undefined) data[label] = datum(value);
  }
  return data;
};

/** The field to read is `locale`; the one to write is `language`. */
export const toUser = (row: Wire, labels?: ReadonlyMap<string, string>): LearnUponUser => ({
  id: String(row['id']),
  email: text(row['email']),
  username: text(row['username']),
  firstName: text(row['first_name']) ?? '',
  lastName: text(row['last_name']) ?? '',
  language: text(row['locale'] ?? row['language']),
  ...('timezone_id' in row ? { timeZone: text(row['timezone_id']) } : {}),
  enabled: row['enabled'] === undefined || isTrue(row['enabled']),
  userType: USER_TYPES.includes(row['user_type'] as UserType) ? (row['user_type'] as UserType) : 'other',
  accountExpires: text(row['account_expires'])?.slice(0, 10) ?? null,
  customData: customDataOf(row, labels),
  createdAt: text(row['created_at']),
  signInCount: count(row['sign_in_count']) ?? 0,
});

export const toInvite = (row: Wire, baseUrl: string): LearnUponInvite => {
  const acceptUrl = text(row['accept_url']);
  const acceptedAt = text(row['accepted_at']);
  const groupId = text(row['group_id']);
  const status = row['invite_status'] as InviteStatus;
  return {
    id: String(row['id']),
    email: text(row['invite_email_address']) ?? '',
    status: INVITE_STATUSES.includes(status) ? status : 'other',
    createdAt: text(row['created_at']),
    ...(acceptUrl === null ? {} : { acceptUrl: new URL(acceptUrl, baseUrl).href }),
    ...(acceptedAt === null ? {} : { acceptedAt }),
    ...(groupId === null ? {} : { groupId }),
  };
};

export const toGroup = (row: Wire): LearnUponGroup => ({ id: String(row['id']), title: text(row['title']) ?? '' });

export const toPortal = (row: Wire): LearnUponPortal => ({
  id: String(row['id']),
  title: text(row['title']) ?? '',
  subdomain: text(row['subdomain']) ?? '',
  licencesPurchased: count(row['number_licenses_purchased']),
  licencesUsed: count(row['number_licenses_used']),
});

/** LearnUpon empties a field with an empty text. */
const emptied = (data: Readonly<Record<string, string | null>>) =>
  Object.fromEntries(Object.entries(data).map(([label, value]) => [label, value ?? '']));

const withoutAbsent = (wire: Wire) =>
  Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== undefined && value !== null));

export const fromNewUser = (user: NewUser): Wire => ({
  User: withoutAbsent({
    email: user.email,
    username: user.username,
    password: user.password,
    first_name: user.firstName,
    last_name: user.lastName,
    language: user.language,
    timezone_id: user.timeZone,
    enabled: true,
    user_type: user.userType ?? 'learner',
    change_password_on_first_login: user.changePasswordOnFirstLogin,
    CustomData: customDataToSend(user.customData),
  }),
});

const customDataToSend = (data: NewUser['customData']) => {
  const filled = withoutAbsent(data ?? {});
  return Object.keys(filled).length > 0 ? filled : undefined;
};

export const fromPatch = (patch: UserPatch): Wire => ({
  User: {
    ...withoutAbsent({
      email: patch.email,
      username: patch.username,
      first_name: patch.firstName,
      last_name: patch.lastName,
      language: patch.language,
      timezone_id: patch.timeZone,
      user_type: patch.userType,
      enabled: patch.enabled,
      CustomData: patch.customData && emptied(patch.customData),
    }),
    ...(patch.accountExpires === undefined ? {} : { account_expires: patch.accountExpires ?? '' }),
  },
});
