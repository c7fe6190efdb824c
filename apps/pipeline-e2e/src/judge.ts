import type { SandboxAddress } from '@portico/sandbox';
import { sandboxControl } from './sandbox-control.js';
import { green, red } from './terminal.js';
import { readPeople, readPortals } from './vendors.js';
import { verify, type PortalRule } from './verify.js';

/** Judges the end state by the vendors' data alone, and says it; returns how many faults there are. */
export const judge = async (
  sandbox: SandboxAddress,
  rulesFor: (today: string) => readonly PortalRule[],
  what: string,
): Promise<number> => {
  const today = (await sandboxControl(sandbox.control).now()).slice(0, 10);
  const [people, portals] = await Promise.all([readPeople(sandbox), readPortals(sandbox)]);
  const { doubled, missing, wrong } = verify(people, portals, rulesFor(today));
  const faults = [...doubled, ...missing, ...wrong];
  const counts = portals.map(
    ({ portal, accounts, invites }) =>
      `${portal} ${accounts.filter(({ enabled, user_type }) => enabled && user_type === 'learner').length}` +
      `+${invites.filter(({ invite_status }) => invite_status === 'sent').length}`,
  );
  console.log(
    `\n${faults.length === 0 ? green('right') : red('WRONG')}: ${what} (accounts + invites: ${counts.join(', ')})`,
  );
  for (const fault of faults) console.log(red(`  ${fault}`));
  return faults.length;
};
