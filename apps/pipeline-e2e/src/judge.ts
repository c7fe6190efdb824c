import type { SandboxAddress } from '@portico/sandbox';
import { sandboxControl } from './sandbox-control.js';
import { green, red } from './terminal.js';
import { readPeople, readPortals } from './vendors.js';
import { verify, type PortalRule } from './verify.js';

type Rules = (today: string) => readonly PortalRule[];

const look = async (sandbox: SandboxAddress, rulesFor: Rules) => {
  const today = (await sandboxControl(sandbox.control).now()).slice(0, 10);
  const [people, portals] = await Promise.all([readPeople(sandbox), readPortals(sandbox)]);
  const { doubled, missing, wrong } = verify(people, portals, rulesFor(today));
  return { portals, faults: [...doubled, ...missing, ...wrong] };
};

/** The faults that the vendors' data shows. */
export const faultsOf = async (sandbox: SandboxAddress, rulesFor: Rules): Promise<readonly string[]> =>
  (await look(sandbox, rulesFor)).faults;

/** Judges the end state by the vendors' data alone, and says it; returns how many faults there are. */
export const judge = async (sandbox: SandboxAddress, rulesFor: Rules, what: string): Promise<number> => {
  const { portals, faults } = await look(sandbox, rulesFor);
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
