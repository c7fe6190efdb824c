import { applyAll } from './apply-all.js';
import { IsInt, IsISO8601, Matches, Max, Min } from 'class-validator';
import { EMPLOYEE_ID, SLUG } from './names.js';

/** A tenant or pool. */
export const IsSlug = () => Matches(SLUG, { message: '$property must match [a-z0-9-]{1,40}' });
/** A portal's name in Portico, as written in realm.yaml. */
export const IsPortalName = IsSlug;
export const IsEmployeeId = () => Matches(EMPLOYEE_ID, { message: '$property must be a BambooHR employee id' });
/** Milliseconds since 1970, or one more than the revision before: grows with every change of its subject. */
export const IsRevision = () => applyAll(Min(1), Max(Number.MAX_SAFE_INTEGER), IsInt());
/** A moment, RFC 3339 with zone. */
export const IsMoment = () => IsISO8601({ strict: true, strictSeparator: true });
/** A day, `YYYY-MM-DD`. */
export const IsDay = () => Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property must be a day, YYYY-MM-DD' });
