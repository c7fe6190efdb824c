import { Type } from 'class-transformer';
import { IsArray, IsDefined, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Cause } from './cause.js';
import { OpenEnum } from './open-enum.js';
import { IsDay, IsEmployeeId, IsMoment, IsRevision, IsSlug } from './scalars.js';

export const EMPLOYMENT_STATES = ['expected', 'employed', 'left', 'unknown'] as const;
export type EmploymentState = (typeof EMPLOYMENT_STATES)[number];
export const CHANGE_KINDS = ['joiner', 'mover', 'leaver', 'other'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What positive evidence says of the employment; absence of evidence is `unknown`, never `left`. */
export class Employment {
  @OpenEnum(EMPLOYMENT_STATES, 'unknown') state!: EmploymentState;
  @IsOptional() @IsDay() hireDate?: string | null;
  /** The last day with access, where a termination date is evidence. */
  @IsOptional() @IsDay() lastDay?: string | null;
  /** What the state rests on: `status-terminated`, `termination-date`, `deleted-and-404`, `hire-date`, … */
  @IsString() evidence!: string;
}

/** The whole current state of one employee. */
export class EmployeeChangedV1 {
  @IsSlug() tenant!: string;
  @IsEmployeeId() employeeId!: string;
  @IsRevision() revision!: number;
  /** When Portico recorded it. */
  @IsMoment() recordedAt!: string;
  /** When Portico first recorded this employee; absent from an older sender. */
  @IsOptional() @IsMoment() addedAt?: string;
  @OpenEnum(CHANGE_KINDS, 'other') change!: ChangeKind;
  @IsDefined() @ValidateNested() @Type(() => Employment) employment!: Employment;
  /** The last known value of each field that policy uses; `null` is known to be empty. */
  @IsObject() fields!: Record<string, string | null>;
  /** Fields that the latest read did not confirm: their value is the last one known, or none. */
  @IsArray() @IsString({ each: true }) unconfirmed!: string[];
  @IsDefined() @ValidateNested() @Type(() => Cause) cause!: Cause;
  /**
   * Causes of this employee's revisions before this one, newest first, at most four. Only the newest message of an
   * employee is kept, so theirs may never arrive: who waits for everybody of such a cause need not wait for this one.
   */
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Cause) overtook?: Cause[];
}
