import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { AdminClient } from './admin-client.js';
import { CHAOS_REALM, chaosRules, type ChaosSums } from './chaos-runs.js';
import { startLocalPortico, type LocalPortico } from './local-portico.js';
import { seededRandom, type Random } from './random.js';
import { sandboxPortals, writeRealmFile } from './realm-file.js';
import { sandboxControl, type SandboxControl } from './sandbox-control.js';
import { readPeople, readPortals, type Person, type PortalContent } from './vendors.js';
import { verify, type PortalRule } from './verify.js';
import { victims } from './victims.js';

export interface SoakOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly kills: boolean;
  /** Processes of each service. One of them is never killed, where there are several. */
  readonly replicas: number;
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
}

const TENANT = 'soak';
/** A Monday: on which days something happens hangs on the weekday. */
const BEGINS_AT = '2026-03-02T09:00:00Z';
const EMPLOYEES = 120;
/** As eventful as a company three times as large. */
const PACE = 3;
const MOST_STRETCHES = 4;
const MOST_DAYS = 7;
const CALL_TIMEOUT_SECONDS = 3;
const SETTLED_WITHIN_MS = 180_000;
/** The services look at the sandbox's clock once a second: until then it is still yesterday for them. */
const CLOCK_FOLLOWED_MS = 5_000;

type Fault = Parameters<SandboxControl['fail']>[0];

/** What a network and a vendor on a bad day do. */
const faultIn = (random: Random, portals: readonly string[]): Fault => {
  const portal = random.pick(portals);
  return random.pick<Fault>([
    { target: '*', kind: 'latency', ms: random.integer(200) },
    { target: 'bamboohr', kind: 'error', rate: 0.3 },
    { target: 'bamboohr', kind: 'throttle', rate: 0.3 },
    { target: 'bamboohr', kind: 'short-read', rate: 0.5 },
    { target: 'bamboohr', kind: 'empty-read', rate: 0.5 },
    { target: 'bamboohr', kind: 'hide-field', field: 'department' },
    { target: portal, kind: 'latency', ms: CALL_TIMEOUT_SECONDS * 1_500, rate: 0.05 },
    { target: portal, kind: 'error', rate: 0.2 },
    { target: portal, kind: 'throttle', rate: 0.2 },
    { target: portal, kind: 'drop-before', rate: 0.2 },
    { target: portal, kind: 'drop-after', method: 'POST', rate: 0.2 },
    { target: portal, kind: 'drop-after', method: 'PUT', rate: 0.3 },
  ]);
};

/** What the judge has to remember of earlier days. */
interface Memory {
  /** The address that each newcomer took over from somebody who left. */
  readonly takenOver: Map<string, string>;
  /** Whose each account was when it was first seen, by portal and id. */
  readonly holders: Map<string, string>;
}

const addressOf = ({ fields }: Person): string | undefined => fields['workEmail']?.toLowerCase();

/** The learners' accounts, each with its key in the memory. */
const learnersOf = (portals: readonly PortalContent[]) =>
  portals.flatMap(({ portal, accounts }) =>
    accounts
      .filter(({ user_type }) => user_type === 'learner')
      .map(({ id, email, enabled }) => ({ portal, id, enabled, address: email.toLowerCase(), key: `${portal} ${id}` })),
  );

/** Where accounts are only created: elsewhere whoever has the mailbox by then may accept an invite to somebody else. */
const HOME = 'academy';

/** Before an address may be given to somebody else. */
const rememberHolders = (people: readonly Person[], portals: readonly PortalContent[], { holders }: Memory): void => {
  const byAddress = Map.groupBy(people, addressOf);
  for (const { address, key } of learnersOf(portals.filter(({ portal }) => portal === HOME))) {
    const [holder, another] = byAddress.get(address) ?? [];
    if (holder !== undefined && another === undefined && !holders.has(key)) holders.set(key, holder.id);
  }
};

const rulesOf = (today: string, portals: readonly PortalContent[], { takenOver, holders }: Memory): PortalRule[] => {
  const learners = learnersOf(portals);
  const isInTheWay = (address: string, id: string): boolean =>
    learners.some((account) => account.address === address && (holders.get(account.key) ?? id) !== id);
  return chaosRules(today).map((rule) => ({
    ...rule,
    expect: (person) => {
      const expected = rule.expect(person);
      const address = addressOf(person);
      const hasOthersAddress = address !== undefined && takenOver.get(person.id) === address;
      return hasOthersAddress && expected !== 'nothing' && isInTheWay(address, person.id) ? 'own-or-none' : expected;
    },
  }));
};

/** Enabled accounts that are somebody else's than they were. */
const handedOn = (people: readonly Person[], portals: readonly PortalContent[], { holders }: Memory): string[] => {
  const byAddress = Map.groupBy(people, addressOf);
  return learnersOf(portals)
    .filter(({ enabled }) => enabled)
    .flatMap(({ portal, id, address, key }) => {
      const [person, another] = byAddress.get(address) ?? [];
      const before = holders.get(key);
      return person === undefined || another !== undefined || before === undefined || before === person.id
        ? []
        : [`account ${id} of ${portal} was employee ${before}'s, and is at the address of ${person.id}`];
    });
};

const RECYCLED = /^has (\S+), which was employee/;

/** Some days of the company while vendors and parts of Portico fail. Answers what was done to them. */
const stretch = async (
  local: LocalPortico,
  admin: AdminClient,
  random: Random,
  kills: boolean,
  memory: Memory,
): Promise<string[]> => {
  const control = sandboxControl(local.sandbox.control);
  await control.clearFaults();
  rememberHolders(await readPeople(local.sandbox), await readPortals(local.sandbox), memory);
  const portals = local.sandbox.learnupon.map(({ portal }) => portal);
  const faults = Array.from({ length: random.integer(3) }, () => faultIn(random, portals));
  for (const fault of faults) await control.fail(fault);
  for (const { employeeId, about } of await control.live(1 + random.integer(MOST_DAYS), PACE)) {
    const [, address] = RECYCLED.exec(about) ?? [];
    if (address !== undefined) memory.takenOver.set(employeeId, address.toLowerCase());
  }
  await admin.run(TENANT, random.pick(['full', 'changed', 'changed']));
  await after(random.integer(3_000));
  const [name, victim] = random.pick(Object.entries(victims(local)));
  const isKilled = kills && random.integer(2) === 0;
  if (isKilled) {
    await victim.kill();
    await after(random.integer(1_500));
    await victim.restart();
  }
  const mails = random.shuffle(await control.mailbox());
  const accepted = mails.slice(0, Math.ceil(mails.length / 3));
  await Promise.allSettled(accepted.map(({ inviteId }) => control.acceptInvite(inviteId)));
  return [...faults.map(({ kind, target }) => `${kind}@${target}`), ...(isKilled ? [`killed ${name}`] : [])];
};

/** So narrow that almost every round has something that is kept back. */
const GATE = 'gate: { people: 2, percent: 2 }\n';

/** Waits for Portico's own word that all is done, and approves what is kept back, until nothing is. */
const settle = async (admin: AdminClient): Promise<{ unsettled: readonly string[]; approved: number }> => {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  for (let approved = 0; ;) {
    const unsettled = await admin.untilSettled(TENANT, deadline - performance.now());
    const more = unsettled.length === 0 ? await admin.approveHolds(TENANT) : 0;
    if (more === 0) return { unsettled, approved };
    if (performance.now() > deadline) return { unsettled: [`${more} are kept back, approved or not`], approved };
    approved += more;
  }
};

/** Reads both vendors once all is done, and judges. */
const judge = async (local: LocalPortico, admin: AdminClient, memory: Memory) => {
  const { unsettled, approved } = await settle(admin);
  const [people, portals] = await Promise.all([readPeople(local.sandbox), readPortals(local.sandbox)]);
  const today = (await sandboxControl(local.sandbox.control).now()).slice(0, 10);
  const verdict = verify(people, portals, rulesOf(today, portals, memory));
  const wrong = [...verdict.wrong, ...handedOn(people, portals, memory)];
  return { today, people: people.length, approved, unsettled, verdict: { ...verdict, wrong } };
};

type Judgement = Awaited<ReturnType<typeof judge>>;

/** Once nothing fails any more, everything is read again. */
const judgeRound = async (local: LocalPortico, admin: AdminClient, memory: Memory) => {
  await sandboxControl(local.sandbox.control).clearFaults();
  await after(CLOCK_FOLLOWED_MS);
  await admin.run(TENANT, 'full');
  // Whose record was deleted is only missing from a full read, and that takes nothing away: the feed tells it.
  await admin.run(TENANT, 'changed');
  return judge(local, admin, memory);
};

/**
 * A company lives on for months while both vendors fail and, if told, parts of Portico are killed. After each round nothing
 * fails any more, and the vendors' own data must be right.
 */
export const soak = async ({ rounds, seed, kills, replicas, signal, log }: SoakOptions): Promise<ChaosSums> => {
  const sums: ChaosSums = { doubled: 0, missing: 0, wrong: 0, unsettled: 0 };
  const memory: Memory = { takenOver: new Map(), holders: new Map() };
  const random = seededRandom(seed);
  const note = (name: string, troubles: string, { today, people, approved, unsettled, verdict }: Judgement): void => {
    for (const kind of ['doubled', 'missing', 'wrong'] as const) sums[kind] += verdict[kind].length;
    if (unsettled.length > 0) sums.unsettled += 1;
    const faults = [...verdict.doubled, ...verdict.missing, ...verdict.wrong, ...unsettled];
    log(
      `${name}: ${today}, ${people} people; ${troubles}; ${approved} approved; ${faults.length === 0 ? 'right' : 'WRONG'}`,
    );
    for (const fault of faults) log(`  ${fault}`);
  };
  let lived = 0;
  const local = await startLocalPortico({
    sandbox: {
      ...{ employees: EMPLOYEES, portals: sandboxPortals(CHAOS_REALM), seed, now: BEGINS_AT },
      ...{ ratePerMinute: null, company: 'chaos' },
    },
    serviceEnv: {
      'learnupon-provisioning': {
        SETTLE_SECONDS: '1',
        INVITE_POLL_SECONDS: '2',
        MIRROR_MAX_AGE_SECONDS: '20',
        LEASE_SECONDS: '6',
        CALL_TIMEOUT_SECONDS: String(CALL_TIMEOUT_SECONDS),
        LANES_PER_WORKER: '6',
      },
    },
    replicas,
    log,
  });
  try {
    const admin = new AdminClient(local);
    const file = join(local.directory, 'soak.realm.yaml');
    writeRealmFile(CHAOS_REALM, file, local.sandbox, local.writeSecret, { tenant: TENANT });
    appendFileSync(file, GATE);
    await admin.apply(TENANT, file);
    // The first sync too, since whose an account is can be told from its address only before that is given to somebody else.
    note('first sync', 'nothing failed', await judge(local, admin, memory));
    for (let round = 1; round <= rounds && signal?.aborted !== true; round += 1) {
      lived = round;
      const troubles: string[] = [];
      const stretches = 1 + random.integer(MOST_STRETCHES);
      for (let count = 0; count < stretches; count += 1) {
        // Of its own: how much a stretch draws depends on how many mails there are, and must not change the next one.
        const ownRandom = seededRandom(random.integer(2 ** 31));
        troubles.push(...(await stretch(local, admin, ownRandom, kills, memory)));
      }
      note(`round ${round}`, troubles.join(', ') || 'nothing failed', await judgeRound(local, admin, memory));
    }
  } finally {
    await local.stop();
  }
  if (sums.unsettled > 0) log(`${sums.unsettled} rounds did not settle`);
  log(`rounds ${lived}, doubled ${sums.doubled}, missing ${sums.missing}, wrong ${sums.wrong}`);
  return sums;
};
