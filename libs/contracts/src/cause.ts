import { Type } from 'class-transformer';
import { IsDefined, IsInt, IsObject, IsOptional, IsString, Min, ValidateNested } from 'class-validator';
import { OpenEnum } from './open-enum.js';

export const CAUSE_KINDS = ['read', 'policy', 'date', 'hand', 'other'] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

/** What a cause does to one portal. */
export interface PortalTotals {
  granted: number;
  changed: number;
  withheld: number;
  /**
   * There where the gate keeps back what the cause takes away here: from how many people access would be taken within a
   * day at most, of how many who had it.
   */
  held?: { people: number; of: number };
}

/** How many people a cause touches, known before the first message of that cause is sent. */
export class CauseTotals {
  @IsInt() @Min(0) joiners!: number;
  @IsInt() @Min(0) movers!: number;
  @IsInt() @Min(0) leavers!: number;
  /**
   * How many people's `employee.changed` has this cause, changes of other kinds too: who holds that many has the whole.
   * Absent where the cause is no read, and from an older sender.
   */
  @IsOptional() @IsInt() @Min(0) people?: number;
  /** Per portal: how many people it grants, changes and withholds. Only there once decided. */
  @IsOptional() @IsObject() portals?: Record<string, PortalTotals>;
}

/** Why something changes: a read, a policy, a date or a hand. Everything with one `id` is a run. */
export class Cause {
  @OpenEnum(CAUSE_KINDS, 'other') kind!: CauseKind;
  @IsString() id!: string;
  @IsDefined() @ValidateNested() @Type(() => CauseTotals) totals!: CauseTotals;
}
