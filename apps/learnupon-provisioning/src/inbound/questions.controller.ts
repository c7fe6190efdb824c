import { MikroORM } from '@mikro-orm/postgresql';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload, Transport } from '@nestjs/microservices';
import {
  QUESTIONS,
  SERVICES,
  SLUG,
  subjects,
  type Answer,
  type Caller,
  type CorrelateAnswer,
  type CorrelateRequest,
  type CreatedRequest,
  type HoldApproveAnswer,
  type HoldApproveRequest,
  type HoldPeopleRequest,
  type PageRequest,
  type PeopleRequest,
  type Question,
} from '@portico/contracts';
import { answering, QuestionError } from '@portico/messaging';
import { CLOCK, LOGGER, type Clock, type Logger } from '@portico/service-kit';
import { confirmCorrelation } from '../confirm-correlation.js';
import { HeldSetCache } from '../held-set-cache.js';
import { approveHold, listHeldPeople, listHolds } from '../holds.js';
import { todayOf } from '../lane/lane-context.js';
import { listCreated, listInvites, listPeople } from '../list-cells.js';
import { StatusReports } from '../status-reports.js';
import { LaneWorker } from './lane-worker.js';

type Ask<Body, T> = (question: Question<Body>, context?: NatsContext) => Promise<Answer<T>>;

const asked = (name: string) => MessagePattern(subjects.ask(SERVICES.provisioning, name), Transport.NATS);

/** What the admin API asks. The tenant is the caller's, never the body's; a viewer may read all of it and change nothing. */
@Controller()
export class QuestionsController {
  private readonly reports: StatusReports;
  private readonly heldSets: HeldSetCache;

  constructor(
    @Inject(MikroORM) private readonly orm: MikroORM,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LaneWorker) private readonly lanes: LaneWorker,
  ) {
    this.reports = new StatusReports(orm);
    this.heldSets = new HeldSetCache(orm);
  }

  @asked(QUESTIONS.provisioningStatus.name)
  status(@Payload() question: Question<unknown>, @Ctx() context: NatsContext) {
    return this.answer((tenant) => this.reports.report(tenant))(question, context);
  }

  @asked(QUESTIONS.peoplePage.name)
  people(@Payload() question: Question<PeopleRequest>, @Ctx() context: NatsContext) {
    return this.answer((tenant, body: PeopleRequest) => listPeople(this.orm, tenant, body))(question, context);
  }

  @asked(QUESTIONS.invitesPage.name)
  invites(@Payload() question: Question<PageRequest>, @Ctx() context: NatsContext) {
    return this.answer((tenant, body: PageRequest) => listInvites(this.orm, tenant, body))(question, context);
  }

  @asked(QUESTIONS.createdPage.name)
  created(@Payload() question: Question<CreatedRequest>, @Ctx() context: NatsContext) {
    return this.answer((tenant, body: CreatedRequest) => listCreated(this.orm, tenant, body))(question, context);
  }

  @asked(QUESTIONS.correlate.name)
  correlate(@Payload() question: Question<CorrelateRequest>, @Ctx() context: NatsContext) {
    return this.answer((_, body: CorrelateRequest, caller) => this.confirm(caller, body))(question, context);
  }

  @asked(QUESTIONS.holds.name)
  holds(@Payload() question: Question<unknown>, @Ctx() context: NatsContext) {
    return this.answer((tenant) => listHolds(this.orm, tenant))(question, context);
  }

  @asked(QUESTIONS.holdPeople.name)
  heldPeople(@Payload() question: Question<HoldPeopleRequest>, @Ctx() context: NatsContext) {
    return this.answer((tenant, body: HoldPeopleRequest) =>
      listHeldPeople(this.heldSets, tenant, body, todayOf({ clock: this.clock })),
    )(question, context);
  }

  @asked(QUESTIONS.holdApprove.name)
  holdApprove(@Payload() question: Question<HoldApproveRequest>, @Ctx() context: NatsContext) {
    return this.answer((_, body: HoldApproveRequest, caller) => this.approve(caller, body))(question, context);
  }

  private async approve(caller: Caller, body: HoldApproveRequest): Promise<HoldApproveAnswer> {
    const now = { today: todayOf({ clock: this.clock }), at: this.clock.now().toString() };
    // Also where it is refused, since who is told to look again looks at once.
    const answer = await approveHold(this.orm, caller, body, now).finally(() => this.heldSets.forget());
    const { tenant, name } = caller;
    const { portal, causeId, people, digest } = answer;
    this.logger.info({ tenant, portal, causeId, people, digest, by: name }, 'a hold was approved');
    this.lanes.nudge();
    return answer;
  }

  private async confirm(caller: Caller, body: CorrelateRequest): Promise<CorrelateAnswer> {
    const answer = await confirmCorrelation(this.orm, caller, body, this.clock.now().toString());
    const { tenant, name } = caller;
    const { employeeId, portal, accountId } = answer;
    this.logger.info({ tenant, portal, employeeId, accountId, by: name }, 'a correlation was confirmed');
    this.lanes.nudge();
    return answer;
  }

  private answer<Body, T>(find: (tenant: string, body: Body, caller: Caller) => Promise<T>): Ask<Body, T> {
    return answering<Body, T>(this.logger, ({ caller, body }) => {
      if (!SLUG.test(caller?.tenant ?? ''))
        throw new QuestionError('forbidden', 'the question names no tenant as its caller');
      return find(caller.tenant, body ?? ({} as Body), caller);
    });
  }
}
