import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { EMPLOYEE_ID, REASON_CODES, SLUG } from '@portico/contracts';

/** A query parameter that is given once is no array yet. */
const listOf = ({ value }: { value: unknown }): unknown =>
  value === undefined || Array.isArray(value) ? value : [value];

export class RealmBody {
  @IsObject({ message: 'document must be realm.yaml as a JSON object' })
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'realm.yaml as JSON' })
  document!: object;

  @IsOptional()
  @IsInt()
  @Min(0)
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Refuse when the stored version is another one; without it whatever is stored is replaced',
  })
  expectedVersion?: number;
}

export class RunBody {
  @IsIn(['full', 'changed'])
  @ApiProperty({ enum: ['full', 'changed'], description: 'Read everybody, or what changed since the last read' })
  kind!: 'full' | 'changed';
}

export class PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  @ApiPropertyOptional({ description: '`next` of the page before; absent for the first' })
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  @ApiPropertyOptional({ minimum: 1, maximum: 500, default: 200 })
  limit?: number;
}

export const IsPortal = () => Matches(SLUG, { message: '$property must match [a-z0-9-]{1,40}' });

export class PersonPath {
  /** Checked by the guard. */
  @IsString()
  tenant!: string;

  @Matches(EMPLOYEE_ID, { message: 'employeeId must be a BambooHR employee id' })
  @ApiProperty({ description: 'BambooHR employee id' })
  employeeId!: string;
}

export class CorrelateBody {
  @IsPortal()
  @ApiProperty()
  portal!: string;

  @Matches(/^\d{1,20}$/, { message: "accountId must be the account's id in that portal, a number" })
  @ApiProperty({ description: "LearnUpon's user id in that portal" })
  accountId!: string;
}

export class PeopleQuery extends PageQuery {
  @IsOptional()
  @Transform(listOf)
  @IsArray()
  @ArrayMaxSize(500)
  @Matches(EMPLOYEE_ID, { each: true, message: '$property must be BambooHR employee ids' })
  @ApiPropertyOptional({ type: [String], description: 'BambooHR employee ids' })
  employee?: string[];

  @IsOptional()
  @IsPortal()
  @ApiPropertyOptional()
  portal?: string;

  @IsOptional()
  @IsIn(REASON_CODES, { message: 'reason must be one of the reason codes, such as waiting-for-accept' })
  @ApiPropertyOptional({ enum: REASON_CODES })
  reason?: string;
}

export class CreatedQuery extends PageQuery {
  @Matches(/^(\d{4}-\d{2}-\d{2}T\S+|P[\dWDTHMS.]+)$/, {
    message: 'since must be a moment such as 2026-01-12T10:00:00Z, or a time back from now such as PT2H or P3D',
  })
  @ApiProperty({ description: 'A moment (RFC 3339), or a time back from now (ISO 8601: `PT2H`, `P3D`)' })
  since!: string;

  @IsOptional()
  @IsPortal()
  @ApiPropertyOptional()
  portal?: string;
}
