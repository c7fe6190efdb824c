import { DatabaseServiceConfig, Setting } from '@portico/service-kit';
import { IsInt, Max, Min, ValidateBy } from 'class-validator';

/** A call must have ended for certain before another worker can take the lane over. */
const WithinLease = () =>
  ValidateBy(
    {
      name: 'withinLease',
      validator: {
        validate: (seconds, args) => (seconds as number) * 2 <= (args?.object as ProvisioningConfig).leaseSeconds,
      },
    },
    { message: '$property is more than half of LEASE_SECONDS' },
  );

export class ProvisioningConfig extends DatabaseServiceConfig {
  @IsInt()
  @Min(1)
  @Max(64)
  @Setting('how many portals this worker serves at once')
  lanesPerWorker: number = 4;

  @IsInt()
  @Min(1)
  @Max(64)
  @Setting('how many calls to one portal are in flight at once')
  concurrency: number = 8;

  @IsInt()
  @Min(2)
  @Setting('the seconds of silence after which another worker takes a lane over')
  leaseSeconds: number = 60;

  @IsInt()
  @Min(1)
  @WithinLease()
  @Setting('the seconds after which a call to LearnUpon is given up; at most half of LEASE_SECONDS')
  callTimeoutSeconds: number = 20;

  @IsInt()
  @Min(0)
  @Setting('the seconds after which LearnUpon shows for certain what a call did')
  settleSeconds: number = 90;

  @IsInt()
  @Min(1)
  @Setting('the seconds for which a complete read of a portal is good enough to decide on')
  mirrorMaxAgeSeconds: number = 3_600;

  @IsInt()
  @Min(1)
  @Setting('the seconds between two looks at pending invites')
  invitePollSeconds: number = 300;

  @IsInt()
  @Min(1)
  @Setting('the days for which calls that have ended are remembered; "portico created --since" looks no further back')
  retentionDays: number = 365;
}
