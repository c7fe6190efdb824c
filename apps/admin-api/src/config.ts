import { IsInt, IsString, Max, Min } from 'class-validator';
import { ServiceConfig, Setting } from '@portico/service-kit';

/** The environment of the admin API. */
export class AdminConfig extends ServiceConfig {
  @IsString()
  @Setting('the file of tokens, one a line: <token> <tenant or *> <admin or viewer> <name>')
  tokensFile!: string;

  @IsInt()
  @Min(100)
  @Max(60_000)
  @Setting('the milliseconds that a service has to answer in')
  askTimeoutMs: number = 5_000;
}
