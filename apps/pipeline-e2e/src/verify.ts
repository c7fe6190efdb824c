import type { Account, Person, PortalContent } from './vendors.js';

/**
 * What a person should have in one portal, said by hand: `refused` means wanted, and impossible in this realm; `own-or-none`
 * that the address was somebody else's before, whose account may be in the way.
 */
export type Expectation = 'account' | 'invite-or-account' | 'refused' | 'nothing' | 'own-or-none';

export interface PortalRule {
  readonly portal: string;
  readonly expect: (person: Person) => Expectation;
  /** Custom user data by normalised label. */
  readonly customData?: (person: Person) => Readonly<Record<string, string>>;
}

export interface Verdict {
  readonly doubled: readonly string[];
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
}

const byEmail = <T>(rows: readonly T[], email: (row: T) => string): Map<string, T[]> =>
  Map.groupBy(rows, (row) => email(row).toLowerCase());

const differences = (person: Person, account: Account, rule: PortalRule): string[] => {
  const wanted = rule.customData?.(person) ?? {};
  const actual = account.CustomData ?? {};
  return [
    ...(account.enabled ? [] : ['is disabled']),
    ...(account.first_name === person.fields['firstName'] ? [] : ['has another first name']),
    ...(account.last_name === person.fields['lastName'] ? [] : ['has another last name']),
    ...Object.entries(wanted)
      .filter(([label, value]) => (actual[label] ?? '') !== value)
      .map(([label]) => `has another ${label}`),
  ];
};

/** Employed on `today` (`YYYY-MM-DD`): hired by then, and not past the last day. */
export const isEmployed = ({ fields }: Person, today: string): boolean =>
  fields['employmentHistoryStatus'] !== 'Terminated' &&
  (fields['hireDate'] ?? '') <= today &&
  (fields['terminationDate'] === null ||
    (fields['terminationDate'] ?? '') >= today ||
    (fields['terminationDate'] ?? '') < (fields['hireDate'] ?? ''));

const judge = (
  person: Person,
  rule: PortalRule,
  accounts: readonly Account[],
  liveInvites: number,
): { kind: keyof Verdict; text: string }[] => {
  const cell = `employee ${person.id} in ${rule.portal}`;
  const expected = rule.expect(person);
  const learners = accounts.filter(({ user_type }) => user_type === 'learner');
  const enabled = learners.filter(({ enabled: on }) => on);
  const found: { kind: keyof Verdict; text: string }[] = [];
  if (accounts.length > 1) found.push({ kind: 'doubled', text: `${cell}: ${accounts.length} accounts` });
  if (liveInvites > 1) found.push({ kind: 'doubled', text: `${cell}: ${liveInvites} live invites` });
  if (enabled.length > 0 && liveInvites > 0)
    found.push({ kind: 'doubled', text: `${cell}: an account and a live invite` });
  if (expected === 'own-or-none') return found;
  if (expected === 'account' && learners.length === 0) found.push({ kind: 'missing', text: `${cell}: no account` });
  if (expected === 'invite-or-account' && learners.length + liveInvites === 0) {
    found.push({ kind: 'missing', text: `${cell}: neither invited nor there` });
  }
  const wanted = expected === 'account' || expected === 'invite-or-account';
  if (!wanted && enabled.length > 0) found.push({ kind: 'wrong', text: `${cell}: has an account and should not` });
  if (!wanted && liveInvites > 0) found.push({ kind: 'wrong', text: `${cell}: is invited and should not be` });
  const [account] = learners;
  if (wanted && account) {
    found.push(
      ...differences(person, account, rule).map((text) => ({ kind: 'wrong' as const, text: `${cell}: ${text}` })),
    );
  }
  return found;
};

/** Enabled learners and live invites at addresses that nobody in BambooHR has: an old address, or a second account. */
const strangers = (people: readonly Person[], { portal, accounts, invites }: PortalContent): string[] => {
  const known = new Set(people.map(({ fields }) => fields['workEmail']?.toLowerCase()));
  const learners = accounts.filter(({ enabled, user_type }) => enabled && user_type === 'learner');
  const live = invites.filter(({ invite_status: status }) => status === 'sent');
  return [
    ...learners.filter(({ email }) => !known.has(email.toLowerCase())).map(({ id }) => `account ${id} of ${portal}`),
    ...live
      .filter((each) => !known.has(each.invite_email_address.toLowerCase()))
      .map(({ id }) => `invite ${id} of ${portal}`),
  ].map((what) => `${what}: at an address that nobody has`);
};

/** Judges the vendors' own data against rules said by hand. An empty verdict is a right end state. */
export const verify = (
  people: readonly Person[],
  portals: readonly PortalContent[],
  rules: readonly PortalRule[],
): Verdict => {
  const verdict: Record<keyof Verdict, string[]> = { doubled: [], missing: [], wrong: [] };
  for (const rule of rules) {
    const content = portals.find(({ portal }) => portal === rule.portal);
    if (!content) throw new Error(`the realm has no portal ${rule.portal}`);
    verdict.wrong.push(...strangers(people, content));
    const accounts = byEmail(content.accounts, ({ email }) => email);
    const live = byEmail(
      content.invites.filter(({ invite_status: status }) => status === 'sent'),
      ({ invite_email_address: email }) => email,
    );
    for (const person of people) {
      const email = person.fields['workEmail']?.toLowerCase();
      if (email === undefined) continue;
      for (const { kind, text } of judge(person, rule, accounts.get(email) ?? [], live.get(email)?.length ?? 0)) {
        verdict[kind].push(text);
      }
    }
  }
  return verdict;
};
