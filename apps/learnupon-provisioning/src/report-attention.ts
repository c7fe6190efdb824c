import { describeReason, type ReasonCode } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import { countHeld, type HeldCount } from './persistence/holds.js';
import { reportSwitch } from './report-realm.js';

/** What holds a portal's lane up. */
export interface LaneTrouble {
  readonly portal: string;
  readonly mode: 'on' | 'observe' | 'off';
  readonly reason: ReasonCode | null;
  readonly message: string | null;
  /** Cells elsewhere that wait for this portal. */
  readonly blocking: number;
  readonly suspectMessage: string | null;
  readonly retryAt: string | null;
}

const TROUBLES = `
  select portal.portal, portal.mode, lane.quarantine_reason as reason, lane.quarantine_message as message,
    (select count(*)::int from cell where cell.tenant = $1 and cell.blocked_portal = portal.portal) as blocking,
    lane.suspect_message as "suspectMessage",
    to_char(lane.users_retry_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "retryAt"
  from portal join lane using (tenant, portal)
  where portal.tenant = $1 and (lane.quarantine_reason is not null or lane.suspect_since is not null)
  order by portal.position`;

export const loadTroubles = (sql: Sql, tenant: string): Promise<LaneTrouble[]> => sql<LaneTrouble>(TROUBLES, [tenant]);

/** Portals that wait for a person: whoever waits for them waits as long. */
export const keptOutOf = (troubles: readonly LaneTrouble[]): string[] =>
  troubles.flatMap(({ portal, reason }) => (reason === null || reason === 'portal-unreachable' ? [] : [portal]));

const suspected = ({ portal, suspectMessage, retryAt }: LaneTrouble): string[] =>
  suspectMessage === null
    ? []
    : [
        `${portal} is not believed: ${suspectMessage}. Nobody is made or found there until it lists them; it is read ` +
          `again at ${retryAt ?? 'its next turn'}. If it stays so, ask LearnUpon, and see that the API key is the portal's own`,
      ];

/** Portals that are on are named with their own status; one that is off is not, and may be in the way all the same. */
const unreadWhereOff = ({ portal, mode, reason, message, blocking }: LaneTrouble): string[] =>
  mode !== 'off' || reason === null || blocking === 0
    ? []
    : [
        `${portal} is off and can't be read (${describeReason(reason)}), so ${blocking} in the top-level portal are not ` +
          `disabled, which would disable them there too: ${message ?? ''}; or disable them by hand`,
      ];

interface Claim {
  readonly employeeId: string;
  readonly blockedBy: string;
}

const CLAIMS = `
  select distinct employee_id as "employeeId", blocked_employee as "blockedBy" from cell
  where tenant = $1 and reason = 'identifier-claimed' and blocked_employee is not null
  order by employee_id, blocked_employee limit 2000`;

/** Circles of people of whom each waits for the identifier of the next; each circle once, from its smallest id. */
export const findCircles = (claims: readonly Claim[]): string[][] => {
  const nextOf = new Map(claims.map(({ employeeId, blockedBy }) => [employeeId, blockedBy]));
  const seen = new Set<string>();
  const circles: string[][] = [];
  for (const start of nextOf.keys()) {
    const path: string[] = [];
    let at: string | undefined = start;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      path.push(at);
      at = nextOf.get(at);
    }
    const begin = at === undefined ? -1 : path.indexOf(at);
    if (begin >= 0) circles.push(path.slice(begin));
  }
  return circles;
};

const inCircles = (claims: readonly Claim[]): string[] =>
  findCircles(claims).map(
    (circle) =>
      `employees ${circle.join(', ')} are each to have the identifier that the next one's account still has, and ` +
      `LearnUpon takes it only once: give the account of one of them another identifier in LearnUpon by hand; ` +
      `Portico does the rest`,
  );

const MISMATCHES = `
  select count(*)::int as people from cell where tenant = $1 and reason = 'name-mismatch'`;

const keptBack = ({ portal, causeId, kind, held, of }: HeldCount): string =>
  `${portal}: access is kept for ${held} of ${of}, since with ${kind} ${causeId} too many would lose it within a day: see ` +
  `portico holds, then portico approve ${portal} ${causeId} if that is meant; if not, correct the records in BambooHR ` +
  `or the policy`;

/** What does not mend itself, with the remedy. */
export const reportAttention = async (
  sql: Sql,
  tenant: string,
  troubles: readonly LaneTrouble[],
): Promise<string[]> => {
  const claims = await sql<Claim>(CLAIMS, [tenant]);
  const [mismatches] = await sql<{ people: number }>(MISMATCHES, [tenant]);
  const people = mismatches?.people ?? 0;
  return [
    ...troubles.flatMap(suspected),
    ...troubles.flatMap(unreadWhereOff),
    ...(await reportSwitch(sql, tenant)),
    ...(await countHeld(sql, tenant)).map(keptBack),
    ...inCircles(claims),
    ...(people === 0
      ? []
      : [
          `${people} found an account with their identifier and another name: say whose it is, see ` +
            `portico people --reason name-mismatch`,
        ]),
  ];
};
