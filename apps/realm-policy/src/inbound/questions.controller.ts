import { Controller, Inject } from '@nestjs/common';
import { Ctx, NatsContext, Payload } from '@nestjs/microservices';
import { QUESTIONS, type PeopleNamesRequest, type Question, type RealmDocumentRequest } from '@portico/contracts';
import { answering } from '@portico/messaging';
import { BusyAnswers, LOGGER, type Logger } from '@portico/service-kit';
import { ApplyRealm } from '../apply-realm.js';
import { AskPolicy, isUnderWay } from '../ask-policy.js';
import { Ask } from './ask.js';

/** What the admin API asks. The caller's tenant and role are checked where they matter: by the use cases. */
@Controller()
export class QuestionsController {
  private readonly statuses = new BusyAnswers(isUnderWay);

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly realm: ApplyRealm,
    private readonly policy: AskPolicy,
  ) {}

  @Ask(QUESTIONS.realmPlan)
  plan(@Payload() question: Question<RealmDocumentRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.realm.plan(caller, body));
  }

  @Ask(QUESTIONS.realmApply)
  apply(@Payload() question: Question<RealmDocumentRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.realm.apply(caller, body));
  }

  @Ask(QUESTIONS.realmGet)
  get(@Payload() question: Question<object>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller }) => this.realm.get(caller));
  }

  @Ask(QUESTIONS.policyStatus)
  status(@Payload() question: Question<object>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller }) =>
      this.statuses.ask(caller.tenant, () => this.policy.status(caller)),
    );
  }

  @Ask(QUESTIONS.peopleNames)
  names(@Payload() question: Question<PeopleNamesRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.policy.names(caller, body));
  }

  private answer<Body, T>(
    question: Question<Body>,
    context: NatsContext,
    answer: (question: Question<Body>) => Promise<T>,
  ) {
    return answering(this.logger, answer)(question, context);
  }
}
