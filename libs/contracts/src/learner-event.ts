import { Type } from 'class-transformer';
import { IsOptional, IsString, ValidateNested } from 'class-validator';
import { Cause } from './cause.js';
import { OpenEnum } from './open-enum.js';
import { REASON_CODES, type ReasonCode } from './reason-codes.js';
import { IsEmployeeId, IsMoment, IsPortalName, IsSlug } from './scalars.js';

/** The last token of a learner event's subject, and the third of its type `portico.learner.<event>.v1`. */
export const LEARNER_EVENTS = [
  'created',
  'invited',
  'accepted',
  'correlated',
  'updated',
  'disabled',
  'enabled',
  'invite-cancelled',
  'group-joined',
  'group-left',
  'refused',
  'other',
] as const;
export type LearnerEventName = (typeof LEARNER_EVENTS)[number];

/** What happened to one learner in one portal. It holds ids and no personal data. */
export class LearnerEventV1 {
  @IsSlug() tenant!: string;
  @IsPortalName() portal!: string;
  @IsEmployeeId() employeeId!: string;
  @OpenEnum(LEARNER_EVENTS, 'other') event!: LearnerEventName;
  @IsMoment() at!: string;
  /** LearnUpon's user id in this portal. */
  @IsOptional() @IsString() accountId?: string;
  /** LearnUpon's invite id. */
  @IsOptional() @IsString() inviteId?: string;
  @IsOptional() @OpenEnum(REASON_CODES, 'other') reason?: ReasonCode;
  @IsOptional() @ValidateNested() @Type(() => Cause) cause?: Cause;
}
