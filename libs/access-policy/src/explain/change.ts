import type { EmployeeFacts } from '../employee-facts.js';
import type { PortalPolicy } from '../policy.js';

/** One field that has another value: of the employee, or of the portal's policy. */
export interface Change {
  readonly field: string;
  /** `undefined`: never known. */
  readonly from: string | null | undefined;
  readonly to: string | null;
  /** `to` stands for any other value. */
  readonly isAnyOther?: boolean;
  /** Lower is nearer to what decided. */
  readonly rank: number;
  /** How far `to` is from `from`. */
  readonly distance: number;
  readonly facts?: EmployeeFacts;
  readonly portal?: PortalPolicy;
}
