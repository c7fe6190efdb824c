import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { ArePools, IsNatsUrl, Setting } from '@portico/service-kit';

/** What NATS is to be made like. */
export class TopologyConfig {
  @ArePools('all pools of this installation')
  pools: string[] = ['shared'];

  @IsInt()
  @Min(1)
  @Max(5)
  @Setting('how many servers keep each stream: 3 in a cluster')
  replicas: number = 1;

  @IsInt()
  @Min(1)
  @Setting('the days that learner events are kept')
  learnersDays: number = 30;

  @IsInt()
  @Min(1)
  @Setting('the days that operation events are kept')
  operationsDays: number = 90;

  @IsInt()
  @Min(1)
  @Setting('the days that dead letters are kept')
  deadDays: number = 30;
}

/** And where it is. */
export class NatsMigrationConfig extends TopologyConfig {
  @IsNatsUrl()
  natsUrl!: string;

  @IsOptional()
  @IsString()
  @Setting('the user portico-migrate, where NATS has users')
  natsUser?: string;

  @IsOptional()
  @IsString()
  @Setting("that user's password, or its file in NATS_PASSWORD_FILE")
  natsPassword?: string;

  @IsInt()
  @Min(0)
  @Setting('the seconds that are waited for NATS')
  startWaitSeconds: number = 0;
}
