import type { SandboxAddress } from '@portico/sandbox';
import { sandboxControl } from './sandbox-control.js';
import { step } from './terminal.js';
import { readPeople, type Person } from './vendors.js';

const find = (people: readonly Person[], belongs: (fields: Person['fields']) => boolean): Person => {
  const found = people.find(
    ({ fields }) => fields['status'] === 'Active' && fields['workEmail'] !== null && belongs(fields),
  );
  if (!found) throw new Error('the sandbox has nobody for this part of the story');
  return found;
};

/** A working day at Acme: someone is hired, renamed, moved, terminated, and an invite is accepted. */
export const workingDay = async (sandbox: SandboxAddress): Promise<void> => {
  const control = sandboxControl(sandbox.control);
  const people = await readPeople(sandbox);
  const [invite] = await control.mailbox();
  const renamed = find(people, (fields) => fields['department'] === 'Engineering');
  const moved = find(people, (fields) => fields['department'] === 'Marketing');
  const left = find(people, (fields) => fields['department'] === 'Sales' && fields['division'] === 'EMEA');
  const hired = await control.hire({
    firstName: 'Ada',
    lastName: 'Moss',
    department: 'Sales',
    division: 'EMEA',
    location: 'Dublin',
  });
  await control.rename(renamed.id, { lastName: 'Okonkwo' });
  await control.move(moved.id, { department: 'Sales' });
  await control.terminate(left.id);
  if (invite) await control.acceptInvite(invite.inviteId);
  step(`hired ${hired.id}, renamed ${renamed.id}, moved ${moved.id}, terminated ${left.id}, accepted an invite`);
};
