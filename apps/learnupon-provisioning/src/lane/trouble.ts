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

const REMEDY = {
  unauthorised: 'put the current API keys of the portal in its secret',
  forbidden: 'let LearnUpon enable this part of the API for the portal, or use keys that may call it',
} as const;

/** Nothing when the error concerns one person only. */
export const troubleOf = (error: unknown): Trouble | undefined => {
  if (error instanceof SecretMissingError) {
    return { kind: 'kept-out', reason: 'secret-missing', message: error.message };
  }
  if (!(error instanceof LearnUponError)) return undefined;
  switch (error.code) {
    case 'rate-limited':
      return { kind: 'throttled', reason: 'portal-unreachable', message: error.message };
    case 'unauthorised':
    case 'forbidden':
      return { kind: 'kept-out', reason: 'portal-unauthorised', message: `${error.message}: ${REMEDY[error.code]}` };
    case 'unreachable':
    case 'timeout':
    case 'failed':
    case 'malformed':
      return { kind: 'unreachable', reason: 'portal-unreachable', message: error.message };
    default:
      return undefined;
  }
};
