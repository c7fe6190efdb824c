/** A mail that the realm sent. */
export interface Mail {
  readonly kind: 'invite' | 'account' | 'summary';
  readonly to: string;
  readonly portal: string;
  readonly subject: string;
  /** An invite's: path of the accept link below the portal's address. */
  readonly acceptUrl: string | null;
  readonly inviteId: number | null;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

export class Mailbox {
  private readonly mails: Mail[] = [];

  deliver(mail: Mail): void {
    this.mails.push(mail);
  }

  /** The newest first. */
  list(filter: { to?: string; portal?: string; limit: number }): Mail[] {
    const to = filter.to?.toLowerCase();
    const found: Mail[] = [];
    for (let index = this.mails.length - 1; index >= 0 && found.length < filter.limit; index -= 1) {
      const mail = this.mails[index];
      if (!mail) continue;
      if (to !== undefined && mail.to.toLowerCase() !== to) continue;
      if (filter.portal !== undefined && mail.portal !== filter.portal) continue;
      found.push(mail);
    }
    return found;
  }
}
