import type { ProvisioningStatusAnswer } from '@portico/contracts';
import { momentOf } from '@portico/database';
import type { Sql } from '@portico/messaging';

type RealmReport = Pick<ProvisioningStatusAnswer, 'observedSwitch' | 'undeclaredPortals'>;

interface Observed {
  readonly observed: boolean | null;
  readonly portal: string;
  readonly at: string;
  readonly declared: boolean;
}

const OBSERVED = `
  select observed_switch as observed, observed_portal as portal, observed_at as at, allows_duplicates as declared
  from realm where tenant = $1`;

const UNDECLARED = `
  select subdomain, title from seen_portal where tenant = $1 and portal is null order by subdomain limit 500`;

/** What LearnUpon showed of the realm as a whole. */
export const reportRealm = async (sql: Sql, tenant: string): Promise<RealmReport> => {
  const [switched] = await sql<Observed>(OBSERVED, [tenant]);
  const undeclared = await sql<{ subdomain: string; title: string }>(UNDECLARED, [tenant]);
  return {
    ...(typeof switched?.observed === 'boolean'
      ? {
          observedSwitch: {
            allowUserCreationIfUserAlreadyExists: switched.observed,
            portal: switched.portal,
            at: momentOf(switched.at),
          },
        }
      : {}),
    ...(undeclared.length === 0 ? {} : { undeclaredPortals: undeclared }),
  };
};

const word = (isOn: boolean): string => (isOn ? 'on' : 'off');

/** LearnUpon is the authority; what was declared decides who waits for whom. */
export const reportSwitch = async (sql: Sql, tenant: string): Promise<string[]> => {
  const [switched] = await sql<Observed>(OBSERVED, [tenant]);
  if (typeof switched?.observed !== 'boolean' || switched.observed === switched.declared) return [];
  const { observed, declared, portal, at } = switched;
  return [
    `the realm declares "Allow user creation if user already exists" ${word(declared)}, and LearnUpon showed it ` +
      `${word(observed)} (in ${portal}, ${momentOf(at)}): set allowUserCreationIfUserAlreadyExists: ${String(observed)} in ` +
      `realm.yaml, or turn it ${word(declared)} in the top-level portal's Settings > Users`,
  ];
};
