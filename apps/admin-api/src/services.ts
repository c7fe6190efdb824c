import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  QUESTIONS,
  type Caller,
  type CorrelateAnswer,
  type CorrelateRequest,
  type CreatedRequest,
  type CreatedView,
  type InviteView,
  type Page,
  type PageRequest,
  type PeopleNamesAnswer,
  type PeopleNamesRequest,
  type PeopleRequest,
  type PersonView,
  type PolicyStatusAnswer,
  type ProvisioningStatusAnswer,
  type RealmApplyAnswer,
  type RealmDocumentRequest,
  type RealmGetAnswer,
  type RealmPlanAnswer,
  type SourceRunAnswer,
  type SourceRunRequest,
  type SourceStatusAnswer,
} from '@portico/contracts';
import { askQuestion, QuestionError } from '@portico/messaging';
import { AdminConfig } from './config.js';
import { Problem, type ProblemCode } from './http/problem.js';
import { NATS } from './nats.js';

type AnyQuestion = (typeof QUESTIONS)[keyof typeof QUESTIONS];

const STATUS: Readonly<Record<QuestionError['code'], number>> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  unavailable: 503,
};

const problemOf = (error: QuestionError, { service }: AnyQuestion): Problem => {
  const code: ProblemCode = error.code;
  return new Problem(STATUS[code], code, error.message, {
    ...(error.faults.length > 0 ? { faults: error.faults } : {}),
    ...(code === 'unavailable' ? { service } : {}),
  });
};

/** The three services, asked over NATS. Their faults come back as a `Problem`. */
@Injectable()
export class Services {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(AdminConfig) private readonly config: AdminConfig,
  ) {}

  planRealm = this.question<RealmDocumentRequest, RealmPlanAnswer>(QUESTIONS.realmPlan);
  applyRealm = this.question<RealmDocumentRequest, RealmApplyAnswer>(QUESTIONS.realmApply);
  realm = this.question<object, RealmGetAnswer>(QUESTIONS.realmGet);
  policyStatus = this.question<object, PolicyStatusAnswer>(QUESTIONS.policyStatus);
  peopleNames = this.question<PeopleNamesRequest, PeopleNamesAnswer>(QUESTIONS.peopleNames);
  run = this.question<SourceRunRequest, SourceRunAnswer>(QUESTIONS.sourceRun);
  sourceStatus = this.question<object, SourceStatusAnswer>(QUESTIONS.sourceStatus);
  provisioningStatus = this.question<object, ProvisioningStatusAnswer>(QUESTIONS.provisioningStatus);
  people = this.question<PeopleRequest, Page<PersonView>>(QUESTIONS.peoplePage);
  invites = this.question<PageRequest, Page<InviteView>>(QUESTIONS.invitesPage);
  created = this.question<CreatedRequest, Page<CreatedView>>(QUESTIONS.createdPage);
  correlate = this.question<CorrelateRequest, CorrelateAnswer>(QUESTIONS.correlate);

  private question<Body, Reply>(question: AnyQuestion): (caller: Caller, body: Body) => Promise<Reply> {
    return async (caller, body) => {
      try {
        return await askQuestion<Reply>(this.nats, question, { caller, body }, this.config.askTimeoutMs);
      } catch (error) {
        throw error instanceof QuestionError ? problemOf(error, question) : error;
      }
    };
  }
}
