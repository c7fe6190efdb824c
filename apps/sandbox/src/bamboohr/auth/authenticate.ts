import type { Answer, Call } from '../../http/call.js';
import { countCall, type ApiUser } from '../../world/api-users.js';
import type { World } from '../../world/world.js';
import { emptyError, rateLimited, unauthorised } from '../answers.js';

/** Who calls, and with which scopes; those of an API key are not limited. */
export interface Caller {
  readonly user: ApiUser;
  readonly scopes: ReadonlySet<string> | undefined;
}

const credentialsOf = ({ headers }: Call): { kind: 'basic' | 'bearer'; secret: string } | undefined => {
  const [, kind = '', secret] = /^(Basic|Bearer)\s+(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (secret === undefined) return undefined;
  if (kind.toLowerCase() === 'bearer') return { kind: 'bearer', secret };
  // The key is the user name; any password will do.
  return { kind: 'basic', secret: Buffer.from(secret, 'base64').toString().split(':')[0] ?? '' };
};

const callerOf = ({ company, oauth, switches }: World, call: Call, byGateway: boolean): Caller | undefined => {
  const credentials = credentialsOf(call);
  if (!credentials) return undefined;
  if (credentials.kind === 'basic') {
    const user = company.users.withKey(credentials.secret);
    return user && { user, scopes: undefined };
  }
  if (byGateway && !switches.bearerOnGateway) return undefined;
  const grant = oauth.grantOf(credentials.secret);
  return grant && { user: grant.user, scopes: grant.scopes };
};

const throttle = ({ bambooCalls, switches, clock }: World, { user }: Caller): Answer | undefined => {
  const seconds = bambooCalls.take(user.apiKey, switches.bamboohrRatePerMinute);
  if (seconds === 0) return undefined;
  const isDate = switches.bamboohrRetryAfter === 'date';
  const retryAfter = isDate ? new Date(clock.now() + seconds * 1_000).toUTCString() : String(seconds);
  return rateLimited(retryAfter, switches.bamboohrRateStatus);
};

/** The caller, or what a call without good credentials gets. */
export const authenticate = (world: World, call: Call, byGateway: boolean): Caller | Answer => {
  const { badKeys, company, clock } = world;
  if (badKeys.isLocked) return emptyError(403, 'API access is blocked for a while: too many invalid keys');
  const caller = callerOf(world, call, byGateway);
  if (!caller) {
    if (call.headers.authorization !== undefined) badKeys.record();
    return unauthorised(company.name);
  }
  badKeys.forgive();
  if (!caller.user.enabled) return emptyError(403, 'The user of this API key is disabled');
  const throttled = throttle(world, caller);
  if (throttled) return throttled;
  countCall(caller.user, clock.now());
  return caller;
};
