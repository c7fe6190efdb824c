import { IsInt, Min } from 'class-validator';
import { ArePools, DatabaseServiceConfig, Setting } from '@portico/service-kit';

/** The environment of realm-policy. */
export class PolicyConfig extends DatabaseServiceConfig {
  @ArePools('the pools that the installation has workers for')
  poolsAvailable: string[] = ['shared'];

  @IsInt()
  @Min(50)
  @Setting('how often to look for people whose day has come, in milliseconds')
  redecidePollMs: number = 1_000;

  @IsInt()
  @Min(0)
  @Setting(
    "how long to wait for more of a read's people before deciding without those who are missing, in milliseconds",
  )
  gatherWaitMs: number = 15_000;
}
