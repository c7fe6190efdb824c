import type { Caller } from '@portico/contracts';
import { Problem } from './http/problem.js';
import type { Services } from './services.js';

interface WithPortals {
  readonly learnupon?: { readonly portals?: readonly { readonly portal: string }[] };
}

/**
 * Nothing was found for a portal: is there one?
 * @throws Problem that says which portals there are.
 */
export const refuseUnknownPortal = async (services: Services, caller: Caller, portal: string): Promise<void> => {
  const { document } = await services.realm(caller, {});
  const names = ((document as WithPortals).learnupon?.portals ?? []).map((one) => one.portal);
  if (names.includes(portal)) return;
  const message = `there is no portal "${portal}": take one of ${names.join(', ')}`;
  throw new Problem(400, 'invalid', 'Correct what the faults name.', { faults: [{ path: 'portal', message }] });
};
