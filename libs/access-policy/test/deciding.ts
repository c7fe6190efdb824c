import {
  decideAccess,
  type EmployeeFacts,
  type PortalDecision,
  type PreviousAccess,
  type RealmRules,
  type WrittenPortal,
} from '../src/index.js';
import { ada, compiled, portal, time } from './examples.js';

export interface Decided extends PortalDecision {
  readonly leaver: boolean;
  readonly dueOn: string | null;
  readonly portals: readonly PortalDecision[];
}

/** The decision for one portal of a realm, on some day. */
export const decideOn = (
  today: string,
  facts: EmployeeFacts,
  rules: Partial<WrittenPortal>,
  previous: readonly PreviousAccess[] = [],
  realm: Partial<RealmRules> = {},
): Decided => {
  const policy = compiled({ tenant: 'acme', ...realm, portals: [portal(rules)] });
  const decision = decideAccess(facts, policy, previous, { ...time, today });
  return { ...decision, ...decision.portals[0]! };
};

export const withFields = (fields: EmployeeFacts['fields'], facts: EmployeeFacts = ada): EmployeeFacts => ({
  ...facts,
  fields: { ...facts.fields, ...fields },
});
export const withEmployment = (
  employment: Partial<EmployeeFacts['employment']>,
  facts: EmployeeFacts = ada,
): EmployeeFacts => ({ ...facts, employment: { ...facts.employment, ...employment } });
