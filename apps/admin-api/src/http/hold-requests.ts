import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { IsPortal } from './requests.js';

const CAUSE_ID = /^[A-Za-z0-9][\w.:-]{0,99}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

export class HoldPath {
  /** Checked by the guard. */
  @IsString()
  tenant!: string;

  @IsPortal()
  @ApiProperty()
  portal!: string;

  @Matches(CAUSE_ID, { message: 'causeId must be the id of a cause, such as policy-12: the holds name theirs' })
  @ApiProperty({ description: 'Of the read, the policy or the day that takes the access' })
  causeId!: string;
}

export class ApproveBody {
  @Matches(DIGEST, { message: 'digest must be sha256: and 64 digits, as the people of the hold came with it' })
  @ApiProperty({ pattern: DIGEST.source, description: 'Of the set that was looked at' })
  digest!: string;
}
