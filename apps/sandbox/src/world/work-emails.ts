import { CompanyError } from './company-error.js';
import type { Employee } from './employee.js';

/** Whose work e-mail address is whose: BambooHR lets no two people have one, in whatever case. */
export class WorkEmails {
  private readonly owners = new Map<string, number>();

  ownerOf(email: string): number | undefined {
    return this.owners.get(email.toLowerCase());
  }

  /** @throws CompanyError conflict */
  assertFree(email: string | null, ownId?: number): void {
    const owner = email === null ? undefined : this.ownerOf(email);
    if (owner !== undefined && owner !== ownId) throw new CompanyError('conflict', 'Duplicate email');
  }

  claim({ id, workEmail }: Employee): void {
    if (workEmail !== null) this.owners.set(workEmail.toLowerCase(), id);
  }

  release({ workEmail }: Employee): void {
    if (workEmail !== null) this.owners.delete(workEmail.toLowerCase());
  }
}
