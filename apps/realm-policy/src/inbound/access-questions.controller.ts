import { Controller, Inject } from '@nestjs/common';
import { Ctx, NatsContext, Payload } from '@nestjs/microservices';
import {
  QUESTIONS,
  type EndAccessRequest,
  type ExplainRequest,
  type FindPeopleRequest,
  type Question,
} from '@portico/contracts';
import { answering } from '@portico/messaging';
import { LOGGER, type Logger } from '@portico/service-kit';
import { EndAccess } from '../end-access.js';
import { ExplainAccess } from '../explain/explain-access.js';
import { FindPeople } from '../explain/find-people.js';
import { Ask } from './ask.js';

/** Questions about people's access. */
@Controller()
export class AccessQuestionsController {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly access: ExplainAccess,
    private readonly people: FindPeople,
    private readonly ending: EndAccess,
  ) {}

  @Ask(QUESTIONS.accessExplain)
  explain(@Payload() question: Question<ExplainRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.access.explain(caller, body));
  }

  @Ask(QUESTIONS.peopleFind)
  find(@Payload() question: Question<FindPeopleRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.people.find(caller, body));
  }

  @Ask(QUESTIONS.accessEnd)
  end(@Payload() question: Question<EndAccessRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.ending.end(caller, body));
  }

  private answer<Body, T>(
    question: Question<Body>,
    context: NatsContext,
    answer: (question: Question<Body>) => Promise<T>,
  ) {
    return answering(this.logger, answer)(question, context);
  }
}
