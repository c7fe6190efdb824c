/** Why the company refuses something; the message is for whoever asked. */
export class CompanyError extends Error {
  constructor(
    readonly code: 'not-found' | 'conflict',
    message: string,
  ) {
    super(message);
  }
}
