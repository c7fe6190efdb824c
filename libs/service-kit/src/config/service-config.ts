import {
  ArrayNotEmpty,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateBy,
  type ValidationOptions,
} from 'class-validator';
import { Setting } from './setting.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const all =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };

const NotInProduction = (options: ValidationOptions) =>
  ValidateBy(
    {
      name: 'notInProduction',
      validator: { validate: (_, args) => (args?.object as ServiceConfig).nodeEnv !== 'production' },
    },
    options,
  );

const OWN_DATABASE =
  "the URL of this service's own PostgreSQL database, such as postgres://role:password@db:5432/realm_policy";

/** `DATABASE_URL`, for a config class of its own. */
export const IsDatabaseUrl = (setting = OWN_DATABASE) =>
  all(
    IsUrl(
      { protocols: ['postgres', 'postgresql'], require_protocol: true, require_tld: false },
      { message: '$property is no PostgreSQL URL' },
    ),
    Setting(setting),
  );

/** `NATS_URL`, for a config class of its own. */
export const IsNatsUrl = () =>
  all(
    Matches(/^(nats|tls|wss?):\/\/[^\s,]+(,(nats|tls|wss?):\/\/[^\s,]+)*$/, { message: '$property is no NATS URL' }),
    Setting('the URL of NATS, such as nats://127.0.0.1:4222; several with commas'),
  );

/** `POOLS`, for a config class of its own. */
export const ArePools = (write: string) =>
  all(
    ArrayNotEmpty(),
    Matches(/^[a-z0-9-]{1,40}$/, { each: true, message: '$property has a name that is none' }),
    Setting(`${write}, with commas: names of a-z, 0-9 and -`),
  );

/** What every service reads. An app's config class extends it. */
export class ServiceConfig {
  @IsNatsUrl()
  natsUrl!: string;

  @IsOptional()
  @IsString()
  @Setting("this service's NATS user")
  natsUser?: string;

  @IsOptional()
  @IsString()
  @Setting("that user's password, or its file in NATS_PASSWORD_FILE")
  natsPassword?: string;

  @ArePools('the pools that this worker serves')
  pools: string[] = ['shared'];

  @IsInt()
  @Min(0)
  @Max(65_535)
  @Setting('the port of health and metrics, 0 for a free one')
  port: number = 8080;

  @IsIn(LOG_LEVELS, { message: '$property is no level' })
  @Setting(`one of ${LOG_LEVELS.join(', ')}`)
  logLevel: LogLevel = 'info';

  @IsString()
  @Setting('the directory that secrets are mounted in, as <secretRef>/<key>')
  secretsDir: string = '/etc/portico/secrets';

  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: '$property is no URL' },
  )
  @NotInProduction({ message: '$property is refused where NODE_ENV is production' })
  @Setting("the URL of the sandbox's clock, outside production only")
  clockUrl?: string;

  @IsInt()
  @Min(0)
  @Setting('the seconds that the start waits for servers and migrations')
  startWaitSeconds: number = 0;

  @IsOptional()
  @IsString()
  @Setting('production, where this is no trial')
  nodeEnv?: string;
}

/** What every service with a database reads. */
export class DatabaseServiceConfig extends ServiceConfig {
  @IsDatabaseUrl()
  databaseUrl!: string;

  @IsOptional()
  @IsDatabaseUrl('the URL of the same database past a pooler, to be told of new rows; DATABASE_URL unless given')
  databaseListenUrl?: string;

  @IsInt()
  @Min(1)
  @Setting('the most connections to the database')
  databaseConnections: number = 10;
}

/** What a migration command reads. */
export class MigrationConfig {
  @IsDatabaseUrl()
  databaseUrl!: string;

  @IsInt()
  @Min(0)
  @Setting('the seconds that are waited for the database')
  startWaitSeconds: number = 0;
}
