import { Controller, Inject } from '@nestjs/common';
import { Ctx, NatsContext, Payload } from '@nestjs/microservices';
import {
  QUESTIONS,
  type PageRequest,
  type Question,
  type RetireRequest,
  type RollbackRequest,
  type VersionDiffRequest,
  type VersionRequest,
  type WhatIfPeopleRequest,
  type WhatIfRef,
  type WhatIfRequest,
} from '@portico/contracts';
import { answering } from '@portico/messaging';
import { LOGGER, type Logger } from '@portico/service-kit';
import { RealmVersions } from '../realm-versions.js';
import { WhatIfs } from '../what-if/what-ifs.js';
import { Ask } from './ask.js';

/** Questions about versions of the policy, and about what a draft would do. */
@Controller()
export class PolicyQuestionsController {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly versions: RealmVersions,
    private readonly whatIfs: WhatIfs,
  ) {}

  @Ask(QUESTIONS.realmHistory)
  history(@Payload() question: Question<PageRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.versions.history(caller, body));
  }

  @Ask(QUESTIONS.realmVersion)
  version(@Payload() question: Question<VersionRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.versions.version(caller, body));
  }

  @Ask(QUESTIONS.realmDiff)
  diff(@Payload() question: Question<VersionDiffRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.versions.diff(caller, body));
  }

  @Ask(QUESTIONS.realmRollback)
  rollback(@Payload() question: Question<RollbackRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.versions.rollback(caller, body));
  }

  @Ask(QUESTIONS.realmRetire)
  retire(@Payload() question: Question<RetireRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.versions.retire(caller, body));
  }

  @Ask(QUESTIONS.realmExamples)
  examples(@Payload() question: Question<object>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller }) => this.versions.examples(caller));
  }

  @Ask(QUESTIONS.whatIfStart)
  startWhatIf(@Payload() question: Question<WhatIfRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.whatIfs.start(caller, body));
  }

  @Ask(QUESTIONS.whatIfGet)
  getWhatIf(@Payload() question: Question<WhatIfRef>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.whatIfs.get(caller, body));
  }

  @Ask(QUESTIONS.whatIfPeople)
  whatIfPeople(@Payload() question: Question<WhatIfPeopleRequest>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.whatIfs.people(caller, body));
  }

  @Ask(QUESTIONS.whatIfCancel)
  cancelWhatIf(@Payload() question: Question<WhatIfRef>, @Ctx() context: NatsContext) {
    return this.answer(question, context, ({ caller, body }) => this.whatIfs.cancel(caller, body));
  }

  private answer<Body, T>(
    question: Question<Body>,
    context: NatsContext,
    answer: (question: Question<Body>) => Promise<T>,
  ) {
    return answering(this.logger, answer)(question, context);
  }
}
