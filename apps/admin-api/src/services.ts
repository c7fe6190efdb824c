import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  QUESTIONS,
  type Caller,
  type CorrelateAnswer,
  type CorrelateRequest,
  type CreatedRequest,
  type CreatedView,
  type EndAccessAnswer,
  type EndAccessRequest,
  type ExampleView,
  type ExplainAnswer,
  type ExplainRequest,
  type FindPeopleAnswer,
  type FindPeopleRequest,
  type HoldApproveAnswer,
  type HoldApproveRequest,
  type HoldPeopleAnswer,
  type HoldPeopleRequest,
  type HoldsAnswer,
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
  type RetireRequest,
  type RollbackRequest,
  type SourceFieldsAnswer,
  type SourceFieldsRequest,
  type SourceRunAnswer,
  type SourceRunRequest,
  type SourceStatusAnswer,
  type VersionAnswer,
  type VersionDiffAnswer,
  type VersionDiffRequest,
  type VersionRequest,
  type VersionsPage,
  type WhatIfAnswer,
  type WhatIfPeopleRequest,
  type WhatIfPerson,
  type WhatIfRef,
  type WhatIfRequest,
  type WhatIfStarted,
} from '@portico/contracts';
import { askQuestion, QuestionError } from '@portico/messaging';
import { AdminConfig } from './config.js';
import { Problem, type ProblemCode } from './http/problem.js';
import { NATS } from './nats.js';

/** How many times as long an answer may take that is about everybody who is held at once. */
const OF_MANY = 5;

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
  realmHistory = this.question<PageRequest, VersionsPage>(QUESTIONS.realmHistory);
  realmVersion = this.question<VersionRequest, VersionAnswer>(QUESTIONS.realmVersion);
  realmDiff = this.question<VersionDiffRequest, VersionDiffAnswer>(QUESTIONS.realmDiff);
  rollbackRealm = this.question<RollbackRequest, RealmApplyAnswer>(QUESTIONS.realmRollback);
  retireRealm = this.question<RetireRequest, RealmApplyAnswer>(QUESTIONS.realmRetire);
  examples = this.question<object, readonly ExampleView[]>(QUESTIONS.realmExamples);
  startWhatIf = this.question<WhatIfRequest, WhatIfStarted>(QUESTIONS.whatIfStart);
  whatIf = this.question<WhatIfRef, WhatIfAnswer>(QUESTIONS.whatIfGet);
  whatIfPeople = this.question<WhatIfPeopleRequest, Page<WhatIfPerson>>(QUESTIONS.whatIfPeople);
  cancelWhatIf = this.question<WhatIfRef, WhatIfAnswer>(QUESTIONS.whatIfCancel);
  endAccess = this.question<EndAccessRequest, EndAccessAnswer>(QUESTIONS.accessEnd);
  explain = this.question<ExplainRequest, ExplainAnswer>(QUESTIONS.accessExplain);
  findPeople = this.question<FindPeopleRequest, FindPeopleAnswer>(QUESTIONS.peopleFind);
  policyStatus = this.question<object, PolicyStatusAnswer>(QUESTIONS.policyStatus);
  peopleNames = this.question<PeopleNamesRequest, PeopleNamesAnswer>(QUESTIONS.peopleNames);
  sourceFields = this.question<SourceFieldsRequest, SourceFieldsAnswer>(QUESTIONS.sourceFields);
  run = this.question<SourceRunRequest, SourceRunAnswer>(QUESTIONS.sourceRun);
  sourceStatus = this.question<object, SourceStatusAnswer>(QUESTIONS.sourceStatus);
  provisioningStatus = this.question<object, ProvisioningStatusAnswer>(QUESTIONS.provisioningStatus);
  people = this.question<PeopleRequest, Page<PersonView>>(QUESTIONS.peoplePage);
  invites = this.question<PageRequest, Page<InviteView>>(QUESTIONS.invitesPage);
  created = this.question<CreatedRequest, Page<CreatedView>>(QUESTIONS.createdPage);
  correlate = this.question<CorrelateRequest, CorrelateAnswer>(QUESTIONS.correlate);
  holds = this.question<object, HoldsAnswer>(QUESTIONS.holds);
  holdPeople = this.question<HoldPeopleRequest, HoldPeopleAnswer>(QUESTIONS.holdPeople, OF_MANY);
  approveHold = this.question<HoldApproveRequest, HoldApproveAnswer>(QUESTIONS.holdApprove, OF_MANY);

  private question<Body, Reply>(question: AnyQuestion, times = 1): (caller: Caller, body: Body) => Promise<Reply> {
    return async (caller, body) => {
      try {
        return await askQuestion<Reply>(this.nats, question, { caller, body }, times * this.config.askTimeoutMs);
      } catch (error) {
        throw error instanceof QuestionError ? problemOf(error, question) : error;
      }
    };
  }
}
