import { IsInt, IsOptional, IsString, Min } from 'class-validator';
import { IsMoment } from './scalars.js';

/** A reference to a message that a consumer gave up on; its body stays in its own stream. */
export class DeadLetterV1 {
  @IsString() stream!: string;
  @IsString() consumer!: string;
  @IsString() subject!: string;
  @IsInt() @Min(1) sequence!: number;
  @IsInt() @Min(1) deliveries!: number;
  /** The class and message of the error, without personal data. */
  @IsString() error!: string;
  @IsMoment() at!: string;
  @IsOptional() @IsString() eventId?: string;
}
