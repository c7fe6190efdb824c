import { LearnUponError } from '@portico/learnupon-client';
import type { ReasonCode } from '@portico/contracts';
import { SecretMissingError } from '@portico/service-kit';

/** What is wrong with a whole portal, not with one person in it. */
export interface Trouble {
  readonly kind: 'throttled' | 'unreachable' | 'kept-out';
  readonly reason: ReasonCode;
  /** A sentence for people, with the remedy. */
  readonly message: string;
}

/** What a remedy names: where the portal is looked for, and the secret with its keys. */
export interface PortalAddress {
  readonly baseUrl: string;
  readonly secretRef: string;
}

/** The portal keeps us out until somebody does something: it is not called meanwhile. */
export class KeptOutError extends Error {
  override readonly name = 'KeptOutError';
  constructor(readonly trouble: Trouble) {
    super(trouble.message);
  }
}

const keptOut = (reason: ReasonCode, message: string): Trouble => ({ kind: 'kept-out', reason, message });

/** Nothing when the error concerns one person only. */
export const troubleOf = (error: unknown, { baseUrl, secretRef }: PortalAddress): Trouble | undefined => {
  if (error instanceof KeptOutError) return error.trouble;
  if (error instanceof SecretMissingError) return keptOut('secret-missing', error.message);
  if (!(error instanceof LearnUponError)) return undefined;
  switch (error.code) {
    case 'rate-limited':
      return { kind: 'throttled', reason: 'portal-unreachable', message: error.message };
    case 'unauthorised':
      return keptOut(
        'portal-unauthorised',
        `${error.message}: put the portal's current API keys in the secret "${secretRef}"`,
      );
    case 'forbidden':
      return keptOut(
        'portal-unauthorised',
        `${error.message}: let LearnUpon enable this part of the API, or put keys that may call it in the secret "${secretRef}"`,
      );
    case 'unreachable':
    case 'timeout':
    case 'failed':
    case 'malformed':
      return {
        kind: 'unreachable',
        reason: 'portal-unreachable',
        message: `${error.message}; it is asked again, and if it stays so, check that ${baseUrl} is right and can be reached`,
      };
    default:
      return undefined;
  }
};

/** Of an error that ended a turn: a list that is not there is no person's, and no portal is where it was looked for. */
export const troubleOfTurn = (error: unknown, address: PortalAddress): Trouble | undefined =>
  error instanceof LearnUponError && error.code === 'not-found'
    ? keptOut(
        'portal-not-found',
        `${error.message}: correct the portal's baseUrl, which is ${address.baseUrl}, and apply the realm`,
      )
    : troubleOf(error, address);
