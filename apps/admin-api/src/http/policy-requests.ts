import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, MaxLength, Min } from 'class-validator';
import { IsPortal, PageQuery, RealmBody } from './requests.js';

const version = { type: 'integer', minimum: 1 } as const;
const expectedVersion = { type: 'integer', description: 'Refuse when the stored version is another one' } as const;
const AT = /^\d{4}-\d{2}-\d{2}(T\S+)?$/;
const at = { message: 'at must be a day such as 2026-03-01, or a moment such as 2026-03-01T09:00:00Z' };

export class DiffQuery {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @ApiProperty(version)
  from!: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @ApiPropertyOptional({ ...version, description: 'The stored one unless told' })
  to?: number;
}

export class RollbackBody {
  @IsInt()
  @Min(1)
  @ApiProperty({ ...version, description: 'Whose content is to be in force again' })
  version!: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @ApiPropertyOptional(expectedVersion)
  expectedVersion?: number;

  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ type: 'boolean', description: 'Show the difference, and store nothing' })
  dryRun?: boolean;
}

export class RetireBody {
  @IsOptional()
  @IsInt()
  @Min(0)
  @ApiPropertyOptional(expectedVersion)
  expectedVersion?: number;
}

export class WhatIfBody extends RealmBody {
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'at must be a day such as 2026-03-01' })
  @ApiPropertyOptional({ type: 'string', format: 'date', description: 'On the facts of this past day' })
  at?: string;
}

const EFFECTS = ['granted', 'changed', 'withheld', 'stopped'] as const;

export class WhatIfPeopleQuery extends PageQuery {
  @IsOptional()
  @IsPortal()
  @ApiPropertyOptional()
  portal?: string;

  @IsOptional()
  @IsIn(EFFECTS)
  @ApiPropertyOptional({ enum: EFFECTS })
  effect?: (typeof EFFECTS)[number];
}

export class FindQuery {
  @IsString()
  @Length(1, 200)
  @Matches(/^\P{Cc}*$/u, { message: 'text must be an employee id, an e-mail address or a name' })
  @ApiProperty({ description: 'An employee id, an e-mail address, or a name or a part of it' })
  text!: string;
}

export class ExplainQuery {
  @IsOptional()
  @IsPortal()
  @ApiPropertyOptional({ description: 'This portal only' })
  portal?: string;

  @IsOptional()
  @MaxLength(40)
  @Matches(AT, at)
  @ApiPropertyOptional({ description: 'A moment (RFC 3339), or a day: its last moment in the company’s time zone' })
  at?: string;
}

export class EndAccessBody {
  @IsOptional()
  @IsPortal()
  @ApiPropertyOptional({ description: 'Every portal unless told' })
  portal?: string;

  @IsOptional()
  @IsInt()
  @Min(0)
  @ApiPropertyOptional({ type: 'integer', description: 'The number of cells that the answer without it told' })
  confirm?: number;
}
