import { DatabaseServiceConfig, Setting } from '@portico/service-kit';
import { IsInt, Max, Min } from 'class-validator';

export class IngestionConfig extends DatabaseServiceConfig {
  @IsInt()
  @Min(1)
  @Max(64)
  @Setting('how many tenants are read at once')
  readers: number = 4;

  @IsInt()
  @Min(1_000)
  @Setting('the milliseconds after which a call to BambooHR is given up')
  bamboohrTimeoutMs: number = 60_000;
}
