import { MikroORM } from '@mikro-orm/postgresql';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload, Transport } from '@nestjs/microservices';
import {
  QUESTIONS,
  SERVICES,
  SLUG,
  subjects,
  type Answer,
  type CreatedRequest,
  type PageRequest,
  type PeopleRequest,
  type Question,
} from '@portico/contracts';
import { answering, QuestionError } from '@portico/messaging';
import { LOGGER, type Logger } from '@portico/service-kit';
import { listCreated, listInvites, listPeople } from '../list-cells.js';
import { StatusReports } from '../report-status.js';

type Ask<Body, T> = (question: Question<Body>, context?: NatsContext) => Promise<Answer<T>>;

const asked = (name: string) => MessagePattern(subjects.ask(SERVICES.provisioning, name), Transport.NATS);

/** What the admin API asks. The tenant is the caller's, never the body's; a viewer may read all of it. */
@Controller()
export class QuestionsController {
  private readonly reports: StatusReports;

  constructor(
    @Inject(MikroORM) private readonly orm: MikroORM,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.reports = new StatusReports(orm);
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

  private answer<Body, T>(find: (tenant: string, body: Body) => Promise<T>): Ask<Body, T> {
    return answering<Body, T>(this.logger, ({ caller, body }) => {
      if (!SLUG.test(caller?.tenant ?? ''))
        throw new QuestionError('forbidden', 'the question names no tenant as its caller');
      return find(caller.tenant, body ?? ({} as Body));
    });
  }
}
