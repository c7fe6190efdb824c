import { restsOnPrevious, type RealmPolicy } from '@portico/access-policy';
import type { WhatIfPerson, WhatIfResult } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { StoredFacts } from '../facts.js';
import { decidePerson, type DecidedPerson, type DecisionFrame } from '../decide-person.js';
import { takenLately, type Lately } from '../persistence/taken.js';
import {
  pastPeople,
  presentPeople,
  standingsOf,
  type SnapshotPage,
  type SnapshotPerson,
} from '../persistence/what-if-people.js';
import { WhatIfTally } from './tally.js';

const CHUNK = 1_000;

export interface WhatIfQuestion {
  readonly tenant: string;
  /** The stored realm as of now; `undefined` before the first apply. */
  readonly current: DecisionFrame | undefined;
  /** The draft. */
  readonly draft: DecisionFrame;
  /** A past moment, in place of now. */
  readonly moment?: string;
}

/** Takes what a chunk came to; false ends the work. */
export type TakeChunk = (people: readonly WhatIfPerson[], done: number) => Promise<boolean>;

/**
 * Decides everybody by a draft on top of what is decided of them, chunk by chunk.
 * @param sql reads alone.
 * @returns `undefined` where `take` ended it.
 */
export const runWhatIf = async (
  sql: Sql,
  question: WhatIfQuestion,
  take: TakeChunk,
): Promise<Pick<WhatIfResult, 'people' | 'touched' | 'totals' | 'portals' | 'writes'> | undefined> => {
  const { draft, current } = question;
  const before = current?.realm.document.learnupon.portals.map(({ portal }) => portal) ?? [];
  const tally = new WhatIfTally(draft.realm.document, before);
  let next = readChunk(sql, question, '');
  for (;;) {
    const people = await next;
    const last = people.length < CHUNK ? undefined : people.at(-1)?.employeeId;
    // The database reads on while this chunk is decided.
    if (last !== undefined) next = readChunk(sql, question, last);
    const changed = people
      .filter(isKnown)
      .map((person) => ({ employeeId: person.employeeId, cells: tally.add(decideBy(draft, person)) }))
      .filter(({ cells }) => cells.length > 0);
    if (!(await take(changed, tally.people))) return void (await next);
    if (last === undefined) return tally.result(await takenBefore(sql, question));
  }
};

/** The gate adds it; what was taken before a past moment is not known any more. */
const takenBefore = (sql: Sql, { tenant, moment, draft }: WhatIfQuestion): Promise<Lately[]> =>
  moment === undefined ? takenLately(sql, tenant, { id: NOTHING.id, isNews: false }, draft.now) : Promise.resolve([]);

type KnownPerson = SnapshotPerson & { readonly facts: StoredFacts };
const isKnown = (person: SnapshotPerson): person is KnownPerson => person.facts !== null;

const readChunk = async (sql: Sql, question: WhatIfQuestion, after: string): Promise<SnapshotPerson[]> => {
  const { tenant, current, moment } = question;
  const page: SnapshotPage = { tenant, after, limit: CHUNK };
  if (moment !== undefined) return pastPeople(sql, page, moment);
  const { version, today } = { version: current?.realm.version ?? 0, today: current?.today ?? '9999-12-31' };
  const people = await presentPeople(sql, page, { version, today });
  return current === undefined ? people : completeStandings(sql, people, current, question.draft);
};

/** Works out what is decided where the stored version decides alike today, and reads the rest. */
const completeStandings = async (
  sql: Sql,
  people: readonly SnapshotPerson[],
  current: DecisionFrame,
  draft: DecisionFrame,
): Promise<SnapshotPerson[]> => {
  const mayWorkOut = !bringsBack(current.policy, draft.policy);
  const workedOut = people
    .filter(isKnown)
    .map((person) => (mayWorkOut && person.isCurrent ? withStanding(person, current) : person));
  const missing = workedOut.filter(({ isCurrent, standing }) => isCurrent && standing === undefined);
  if (missing.length === 0) return workedOut;
  const ids = missing.map(({ employeeId }) => employeeId);
  const stored = await standingsOf(sql, current.realm.tenant, ids);
  return workedOut.map((person) =>
    person.standing === undefined ? { ...person, standing: stored.get(person.employeeId) } : person,
  );
};

/** What a portal had before it was out is stored alone. */
const bringsBack = (current: RealmPolicy, draft: RealmPolicy): boolean =>
  draft.portals.some(
    ({ portal, mode }) => mode !== 'off' && !current.portals.some((one) => one.portal === portal && one.mode !== 'off'),
  );

const withStanding = (person: KnownPerson, current: DecisionFrame): KnownPerson => {
  const { decision } = decideBy(current, person);
  return restsOnPrevious(decision.portals, current.policy) ? person : { ...person, standing: decision };
};

const NOTHING = { kind: 'policy', id: 'what-if', totals: { joiners: 0, movers: 0, leavers: 0 } } as const;

const decideBy = (frame: DecisionFrame, { employeeId, facts, standing }: KnownPerson): DecidedPerson => {
  const { tenant } = frame.realm;
  const person = { tenant, employeeId, isStranger: false, revision: 0, employeeRevision: 0, standing };
  return decidePerson(person, [facts], standing, frame, {
    employeeRevision: 0,
    cause: NOTHING,
    traceparent: undefined,
  });
};
