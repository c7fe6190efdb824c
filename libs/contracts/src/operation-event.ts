import { IsObject, IsOptional, IsString } from 'class-validator';
import { OpenEnum } from './open-enum.js';
import { IsMoment, IsPortalName, IsSlug } from './scalars.js';

/** `portico.v1.operation.<tenant>.<event>` and `portico.operation.<event>.v1`; a dot splits tokens. */
export const OPERATION_EVENTS = [
  'read.certified',
  'read.refused',
  'portal.converged',
  'portal.quarantined',
  'portal.recovered',
  'secret.missing',
  'realm.switch-observed',
  'portal.discovered',
  'access.ended',
  'hold.opened',
  'hold.approved',
  'other',
] as const;
export type OperationEventName = (typeof OPERATION_EVENTS)[number];

/** What Portico itself did or found: reads, portals, holds. No personal data. */
export class OperationEventV1 {
  @IsSlug() tenant!: string;
  @OpenEnum(OPERATION_EVENTS, 'other') event!: OperationEventName;
  @IsMoment() at!: string;
  @IsOptional() @IsPortalName() portal?: string;
  /** A sentence for people. */
  @IsString() message!: string;
  /** Counts and ids, by event. */
  @IsOptional() @IsObject() details?: Record<string, string | number | boolean | null>;
}
