import type { Caller, PolicyStatusAnswer, ProvisioningStatusAnswer, SourceStatusAnswer } from '@portico/contracts';
import { Problem } from './http/problem.js';
import type { Services } from './services.js';
import { progressOf, type Progress } from './status.js';

/** All three services' answers, and how far the tenant is. */
export interface TenantStatus extends Progress {
  readonly tenant: string;
  /** Services that did not answer. */
  readonly unavailable: readonly string[];
  readonly source: SourceStatusAnswer | null;
  readonly policy: PolicyStatusAnswer | null;
  readonly provisioning: ProvisioningStatusAnswer | null;
}

type Asked<T> = { readonly answer: T } | { readonly problem: Problem };

const ask = async <T>(question: Promise<T>): Promise<Asked<T>> => {
  try {
    return { answer: await question };
  } catch (error) {
    if (error instanceof Problem && (error.body.code === 'unavailable' || error.body.code === 'not-found')) {
      return { problem: error };
    }
    throw error;
  }
};

const answerOf = <T>(asked: Asked<T>): T | undefined => ('answer' in asked ? asked.answer : undefined);
const serviceThatIsSilent = (asked: Asked<unknown>): string[] =>
  'problem' in asked && asked.problem.body.code === 'unavailable' ? [asked.problem.body.service ?? 'a service'] : [];

/**
 * Asks the three services at once. One that is silent is named in the answer; one that does not know the tenant yet
 * has not taken in its realm.
 * @throws Problem when realm-policy, which owns tenants, does not know this one.
 */
export const askStatus = async (services: Services, caller: Caller): Promise<TenantStatus> => {
  const [source, policy, provisioning] = await Promise.all([
    ask(services.sourceStatus(caller, {})),
    ask(services.policyStatus(caller, {})),
    ask(services.provisioningStatus(caller, {})),
  ]);
  if ('problem' in policy && policy.problem.body.code === 'not-found') throw policy.problem;
  const answers = {
    source: answerOf(source),
    policy: answerOf(policy),
    provisioning: answerOf(provisioning),
    unavailable: [source, policy, provisioning].flatMap(serviceThatIsSilent),
  };
  return {
    tenant: caller.tenant,
    ...progressOf(answers),
    unavailable: answers.unavailable,
    source: answers.source ?? null,
    policy: answers.policy ?? null,
    provisioning: answers.provisioning ?? null,
  };
};
