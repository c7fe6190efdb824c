import { MikroORM } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import {
  carryHolds,
  decideAccess,
  explainDecision,
  NAME_FIELDS,
  nearestFlip,
  previousOf,
  type DecisionClause,
  type PortalDecision,
  type PortalPolicy,
} from '@portico/access-policy';
import {
  describeReason,
  type AccessHold,
  type Caller,
  type ExplainAnswer,
  type ExplainedCell,
  type ExplainRequest,
  type WantedLearner,
} from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { QuestionError, type Sql } from '@portico/messaging';
import { CLOCK, type Clock } from '@portico/service-kit';
import { decisionsAt, type HeldDecision } from '../persistence/access-history.js';
import type { RealmDocument } from '../realm/realm-document.js';
import { findBasis, VersionPolicies, type Basis } from './basis.js';
import { originsOf, readValues, type Origins } from './read-values.js';
import { whenAsked, type WhenAsked } from './when-asked.js';

interface Explained extends Basis {
  readonly when: WhenAsked;
  readonly isBehind: boolean;
  readonly held: HeldDecision;
}

/** Why a person has access or not, at any moment. Reads alone. */
@Injectable()
export class ExplainAccess {
  private readonly policies = new VersionPolicies();

  constructor(
    private readonly orm: MikroORM,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws QuestionError `not-found` where nothing was decided of the person by then. */
  async explain(caller: Caller, request: ExplainRequest): Promise<ExplainAnswer> {
    const sql = sqlOf(this.orm.em.fork());
    const when = whenAsked(request.at, await timeZoneOf(sql, caller.tenant), this.clock.now());
    const person = { tenant: caller.tenant, employeeId: String(request.employeeId) };
    // What is ahead is decided on top of what holds now.
    const moment = when.tense === 'foreseen' ? this.clock.now() : when.moment;
    const [held, before] = await decisionsAt(sql, person, moment.toString());
    if (held === undefined) throw nothingDecided(person.employeeId, when);
    const reached = when.tense === 'foreseen' ? { ...when, moment, today: held.event.today } : when;
    const { basis, isBehind } = await findBasis(sql, this.policies, person, [held, before], reached);
    const explained = when.tense === 'foreseen' ? foresee(basis, when) : basis;
    return answerOf(
      sql,
      { ...explained, when, isBehind: isBehind && when.tense !== 'foreseen', held },
      person,
      request,
    );
  }
}

const timeZoneOf = async (sql: Sql, tenant: string): Promise<string> => {
  const [realm] = await sql<{ timeZone: string }>(
    'select time_zone as "timeZone" from realm where tenant = $1 and version > 0',
    [tenant],
  );
  if (realm) return realm.timeZone;
  throw new QuestionError('not-found', `${tenant} has no realm yet: apply its realm.yaml`);
};

const nothingDecided = (employeeId: string, { tense, moment }: WhenAsked): QuestionError => {
  const by = tense === 'past' ? ` by ${moment}` : '';
  return new QuestionError(
    'not-found',
    `nothing was decided of an employee ${employeeId}${by}: portico people lists them`,
  );
};

const foresee = (basis: Basis, { today, moment }: WhenAsked): Basis => {
  if (basis.policy === undefined)
    throw new QuestionError('conflict', 'the stored policy can’t be read: apply it again');
  const previous = previousOf(basis);
  const { portals, leaver } = decideAccess(basis.facts, basis.policy, previous, { today, now: moment.toString() });
  return { ...basis, portals: carryHolds(previous, portals), leaver, today, previous };
};

interface WithClause {
  readonly decision: PortalDecision;
  readonly portal?: PortalPolicy | undefined;
  readonly clause?: DecisionClause | undefined;
}

const answerOf = async (
  sql: Sql,
  explained: Explained,
  person: { readonly tenant: string; readonly employeeId: string },
  request: ExplainRequest,
): Promise<ExplainAnswer> => {
  const { when, revision, version, held, isBehind, leaver, today } = explained;
  const cells = selected(explained, request.portal).map((decision) => withClause(decision, explained));
  const names = cells.flatMap(({ clause }) => [...(clause?.fields ?? []), ...Object.keys(clause?.others ?? {})]);
  const origins = await originsOf(sql, person, revision, [...new Set(names)].filter(isOfRecord));
  const { facts } = revision;
  const name = [NAME_FIELDS.firstName, NAME_FIELDS.lastName].map((field) => facts.fields[field]).filter(Boolean);
  return {
    employeeId: person.employeeId,
    name: name.length === 0 ? null : name.join(' '),
    tense: when.tense,
    at: when.moment.toString(),
    today,
    leaver,
    decidedAt: held.event.decidedAt,
    cause: held.event.cause,
    policy: { version: version.version, appliedAt: version.appliedAt, appliedBy: version.appliedBy },
    employee: {
      revision: revision.revision,
      recordedAt: facts.recordedAt,
      ...(facts.cause === undefined ? {} : { cause: facts.cause }),
    },
    isBehind,
    cells: cells.map((cell) => explainCell(cell, explained, origins, request.portal !== undefined)),
  };
};

/** What is read beside the record, such as the day, came from nowhere. */
const isOfRecord = (name: string): boolean => !['today', 'share', 'addedOn'].includes(name);

const selected = ({ portals, version }: Explained, portal: string | undefined): readonly PortalDecision[] => {
  const found = portal === undefined ? portals : portals.filter((decision) => decision.portal === portal);
  if (portal === undefined || found.length > 0) return found;
  const names = portals.map((decision) => decision.portal).join(', ');
  const message = `version ${version.version} has no portal "${portal}": take one of ${names}`;
  throw new QuestionError('invalid', message, [{ path: 'portal', message }]);
};

const withClause = (decision: PortalDecision, { policy, facts, today, when }: Explained): WithClause => {
  const portal = policy?.portals.find((one) => one.portal === decision.portal);
  if (policy === undefined || portal === undefined) return { decision };
  const time = { today, now: when.moment.toString() };
  return { decision, portal, clause: explainDecision(facts, policy, portal, decision, time) };
};

const explainCell = (
  { decision, portal, clause }: WithClause,
  explained: Explained,
  origins: Origins,
  isAlone: boolean,
): ExplainedCell => {
  const { access, reason, keptSince, hold, learner } = decision;
  const { document } = explained.version;
  return {
    portal: decision.portal,
    title: document.learnupon.portals.find((one) => one.portal === decision.portal)?.title ?? decision.portal,
    access,
    reason,
    sentence: describeReason(reason),
    ...(keptSince === undefined ? {} : { keptSince }),
    ...(hold === undefined ? {} : { hold: hold as AccessHold }),
    ...(clause === undefined ? {} : { clause: clauseOf(clause, decision.portal, document) }),
    values: clause === undefined ? [] : readValues(clause, explained.revision.facts, origins),
    flip: portal === undefined || clause === undefined ? null : flipOf(decision, portal, clause, explained),
    ...(isAlone && learner !== undefined ? { learner: learner as WantedLearner } : {}),
  };
};

const flipOf = (
  decision: PortalDecision,
  portal: PortalPolicy,
  { fields }: DecisionClause,
  { facts, policy, previous, today, when }: Explained,
): ExplainedCell['flip'] => {
  if (policy === undefined) return null;
  const time = { today, now: when.moment.toString() };
  return nearestFlip(facts, policy, portal, decision, previous, time, fields);
};

const TRUTH = { true: 'true', false: 'false', undefined: 'unknown' } as const;

const clauseOf = (
  { key, text, part }: DecisionClause,
  portal: string,
  document: RealmDocument,
): NonNullable<ExplainedCell['clause']> => ({
  path: pathOf(key, portal, document),
  text,
  ...(part === undefined
    ? {}
    : { expression: part.expression, character: part.character, holds: TRUTH[`${part.holds}`] }),
});

/** Where a key is written: with the portal, or with the defaults. */
const pathOf = (key: DecisionClause['key'], portal: string, { learnupon }: RealmDocument): string => {
  if (key === 'employment') return key;
  if (key.startsWith('rules.')) return `learnupon.${key}`;
  const own = learnupon.portals.find((one) => one.portal === portal);
  const isDefault = !hasKey(own, key) && hasKey(learnupon.defaults, key);
  return isDefault ? `learnupon.defaults.${key}` : `learnupon.portals.${portal}.${key}`;
};

const hasKey = (value: object | undefined, key: string): boolean => value !== undefined && Object.hasOwn(value, key);
