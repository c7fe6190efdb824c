import { MikroORM } from '@mikro-orm/postgresql';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload, Transport } from '@nestjs/microservices';
import {
  QUESTIONS,
  SERVICES,
  subjects,
  type Answer,
  type Question,
  type SourceFieldsAnswer,
  type SourceFieldsRequest,
  type SourceRunAnswer,
  type SourceRunRequest,
  type SourceStatusAnswer,
} from '@portico/contracts';
import { answering, QuestionError } from '@portico/messaging';
import { BusyAnswers, CLOCK, LOGGER, type Clock, type Logger } from '@portico/service-kit';
import { ReadFields } from '../read-fields.js';
import { isUnderWay, reportStatus } from '../report-status.js';
import { RequestRead } from '../request-read.js';
import { ReadScheduler } from './read-scheduler.js';

const KINDS: readonly unknown[] = ['full', 'changed'];

/** What the admin API asks. The tenant is the caller's, never the body's. */
@Controller()
export class QuestionsController {
  private readonly run: (
    question: Question<SourceRunRequest>,
    context?: NatsContext,
  ) => Promise<Answer<SourceRunAnswer>>;
  private readonly fields: (
    question: Question<SourceFieldsRequest>,
    context?: NatsContext,
  ) => Promise<Answer<SourceFieldsAnswer>>;
  private readonly status: (question: Question<unknown>, context?: NatsContext) => Promise<Answer<SourceStatusAnswer>>;

  constructor(
    @Inject(MikroORM) orm: MikroORM,
    @Inject(CLOCK) clock: Clock,
    @Inject(RequestRead) requests: RequestRead,
    @Inject(ReadFields) fields: ReadFields,
    @Inject(ReadScheduler) scheduler: ReadScheduler,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.run = answering<SourceRunRequest, SourceRunAnswer>(logger, async ({ caller, body }) => {
      if (caller.role !== 'admin') throw new QuestionError('forbidden', 'only an admin may start a read');
      if (!KINDS.includes(body.kind)) throw new QuestionError('invalid', 'kind is full or changed');
      const answer = await requests.request(caller.tenant, body.kind);
      scheduler.nudge();
      return answer;
    });
    this.fields = answering(logger, ({ caller, body }: Question<SourceFieldsRequest>) => fields.answer(caller, body));
    const statuses = new BusyAnswers(isUnderWay);
    this.status = answering(logger, ({ caller: { tenant } }) =>
      statuses.ask(tenant, () => reportStatus(orm, clock, tenant)),
    );
  }

  @MessagePattern(subjects.ask(SERVICES.ingestion, QUESTIONS.sourceRun.name), Transport.NATS)
  answerRun(@Payload() question: Question<SourceRunRequest>, @Ctx() context: NatsContext) {
    return this.run(question, context);
  }

  @MessagePattern(subjects.ask(SERVICES.ingestion, QUESTIONS.sourceFields.name), Transport.NATS)
  answerFields(@Payload() question: Question<SourceFieldsRequest>, @Ctx() context: NatsContext) {
    return this.fields(question, context);
  }

  @MessagePattern(subjects.ask(SERVICES.ingestion, QUESTIONS.sourceStatus.name), Transport.NATS)
  answerStatus(@Payload() question: Question<unknown>, @Ctx() context: NatsContext) {
    return this.status(question, context);
  }
}
