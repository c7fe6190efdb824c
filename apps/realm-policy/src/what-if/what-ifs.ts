import { randomUUID } from 'node:crypto';
import { MikroORM } from '@mikro-orm/postgresql';
import type {
  Caller,
  Page,
  WhatIfAnswer,
  WhatIfEffect,
  WhatIfPeopleRequest,
  WhatIfPerson,
  WhatIfRef,
  WhatIfRequest,
  WhatIfStarted,
} from '@portico/contracts';
import { inSnapshot, sqlOf } from '@portico/database';
import { QuestionError, type Sql } from '@portico/messaging';
import type { Clock, Logger } from '@portico/service-kit';
import { ApplyRealm, type Draft } from '../apply-realm.js';
import type { DecisionFrame } from '../decide-person.js';
import { dayOf, endOfDay } from '../moments.js';
import { pageWithin } from '../page-within.js';
import { RealmEntity } from '../persistence/entities.js';
import { countPeople } from '../persistence/what-if-people.js';
import {
  addWhatIfPeople,
  cancelWhatIf,
  createWhatIf,
  endWhatIf,
  progressWhatIf,
  readWhatIf,
  whatIfPeople,
  type WhatIfKey,
} from '../persistence/what-ifs.js';
import { PolicyCache, policyOf } from '../realm/policy-of.js';
import { Turnstile } from './turnstile.js';
import { runWhatIf, type WhatIfQuestion } from './run-what-if.js';

/** More would let decisions wait: each holds two connections of the pool. */
const AT_ONCE = 2;
const MOST_ROWS = 500;

/**
 * What a draft would make of everybody. Reads in one snapshot that can write nothing; what it found is kept for half an
 * hour in tables of its own, where every instance of the service finds it.
 */
export class WhatIfs {
  private readonly running = new Set<Promise<void>>();
  private readonly turnstile = new Turnstile(AT_ONCE);
  private isStopping = false;

  constructor(
    private readonly orm: MikroORM,
    private readonly clock: Clock,
    private readonly logger: Pick<Logger, 'error'>,
    private readonly realm: ApplyRealm,
    private readonly policies: PolicyCache,
  ) {}

  /** @throws QuestionError with the faults of the draft, or where the day has not passed. */
  async start(caller: Caller, request: WhatIfRequest): Promise<WhatIfStarted> {
    const draft = await this.realm.draft(caller, request);
    const question = await this.questionOf(draft, request.at);
    const key = { tenant: caller.tenant, id: randomUUID() };
    await createWhatIf(this.sql(), key, { by: caller.name, at: request.at ?? null });
    const work = this.turnstile.pass(() => this.work(key, question, draft)).finally(() => this.running.delete(work));
    this.running.add(work);
    return { id: key.id };
  }

  async get({ tenant }: Caller, { id }: WhatIfRef): Promise<WhatIfAnswer> {
    const answer = await readWhatIf(this.sql(), { tenant, id });
    if (answer === undefined) throw new QuestionError('not-found', `there is no what-if ${id} any more: ask again`);
    return answer;
  }

  async cancel(caller: Caller, ref: WhatIfRef): Promise<WhatIfAnswer> {
    await cancelWhatIf(this.sql(), { tenant: caller.tenant, id: ref.id });
    return this.get(caller, ref);
  }

  /** Those for whom something differs, in the order of their ids. */
  async people(caller: Caller, request: WhatIfPeopleRequest): Promise<Page<WhatIfPerson>> {
    const { portal, effect, cursor = '', limit = 200 } = request;
    const { state } = await this.get(caller, request);
    if (state !== 'done') throw new QuestionError('conflict', `the what-if is ${state}: its people are not known`);
    const filter = { ...(portal === undefined ? {} : { portal }), ...(effect === undefined ? {} : { effect }) };
    const page = { after: cursor, limit: Math.min(limit, MOST_ROWS) + 1 };
    const rows = await whatIfPeople(this.sql(), { tenant: caller.tenant, id: request.id }, filter, page);
    const matching = rows.map((row) => ({ ...row, cells: row.cells.filter((cell) => isMatch(cell, filter)) }));
    return pageWithin(matching, page.limit - 1, ({ employeeId }) => employeeId);
  }

  /** Cancels what is running here. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.running);
  }

  private sql(): Sql {
    return sqlOf(this.orm.em.fork());
  }

  private async questionOf({ document, storedVersion }: Draft, at: string | undefined): Promise<WhatIfQuestion> {
    const { tenant, pool, timeZone } = document;
    const today = this.clock.today(timeZone).toString();
    const realm = { tenant, pool, timeZone, version: storedVersion + 1, document };
    const frame = { realm, policy: policyOf(document), today, now: this.clock.now().toString() };
    const current = await this.currentFrame(tenant);
    if (at === undefined || at === today) return { tenant, current, draft: frame };
    const day = dayOf(at);
    if (day === undefined || at > today) {
      const message = `must be a day that has passed, before ${today}`;
      throw new QuestionError('invalid', `at ${message}`, [{ path: 'at', message }]);
    }
    const moment = endOfDay(day, timeZone).toString();
    return { tenant, current, draft: { ...frame, today: at, now: moment }, moment };
  }

  private async currentFrame(tenant: string): Promise<DecisionFrame | undefined> {
    const realm = await this.orm.em.fork().findOne(RealmEntity, { tenant });
    if (!realm?.document) return undefined;
    const { version, pool, timeZone, document } = realm;
    return {
      realm: { tenant, version, pool, timeZone, document },
      policy: this.policies.get(document, version),
      today: this.clock.today(timeZone).toString(),
      now: this.clock.now().toString(),
    };
  }

  private async work(key: WhatIfKey, question: WhatIfQuestion, draft: Draft): Promise<void> {
    try {
      const found = await this.run(key, question);
      const { storedVersion, changes, warnings } = draft;
      const { today } = question.draft;
      const end = found
        ? { result: { storedVersion, changes, warnings, today, ...found } }
        : { problem: 'the service was stopped: ask again' };
      await endWhatIf(this.sql(), key, end);
    } catch (error) {
      this.logger.error({ err: error }, 'a what-if failed');
      await endWhatIf(this.sql(), key, { problem: 'the service failed at it: see its log' }).catch(() => undefined);
    }
  }

  private run(key: WhatIfKey, question: WhatIfQuestion): ReturnType<typeof runWhatIf> {
    const scratch = this.sql();
    return inSnapshot(this.orm, async (sql) => {
      const total = await countPeople(sql, key.tenant);
      return runWhatIf(sql, question, async (people, done) => {
        await addWhatIfPeople(scratch, key, people);
        return !this.isStopping && (await progressWhatIf(scratch, key, { done, total }));
      });
    });
  }
}

const isMatch = (cell: WhatIfPerson['cells'][number], { portal, effect }: { portal?: string; effect?: WhatIfEffect }) =>
  (portal === undefined || cell.portal === portal) && (effect === undefined || cell.effect === effect);
