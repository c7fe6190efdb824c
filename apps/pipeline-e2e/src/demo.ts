import { acmeRules } from './acme.js';
import { beginStory, firstSync, portico, type Story } from './story.js';
import { green, main, red, step } from './terminal.js';
import { readPeople, readPortals, type Person } from './vendors.js';
import { verify } from './verify.js';

/** Judges the end state by the vendors' data alone; returns how many faults there are. */
const judge = async ({ local, control }: Story, what: string): Promise<number> => {
  const today = (await control.now()).slice(0, 10);
  const [people, portals] = await Promise.all([readPeople(local.sandbox), readPortals(local.sandbox)]);
  const { doubled, missing, wrong } = verify(people, portals, acmeRules(today));
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

const settledChange = async (story: Story, kind: '--full' | '--changed'): Promise<void> => {
  await portico(story, 'run', kind, '--wait');
};

const find = (people: readonly Person[], belongs: (fields: Person['fields']) => boolean): Person => {
  const found = people.find(
    ({ fields }) => fields['status'] === 'Active' && fields['workEmail'] !== null && belongs(fields),
  );
  if (!found) throw new Error('the sandbox has nobody for this part of the story');
  return found;
};

/** A working day at Acme: someone is hired, renamed, moved, terminated, and an invite is accepted. */
const workingDay = async ({ local, control }: Story): Promise<void> => {
  const people = await readPeople(local.sandbox);
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

main(async (signal) => {
  const story = await beginStory(signal, { employees: 250, seed: 7 });
  try {
    await firstSync(story);
    let faults = await judge(story, 'the first sync');

    await workingDay(story);
    await settledChange(story, '--changed');
    faults += await judge(story, 'a working day');

    const before = await story.control.writes();
    await portico(story, 'apply', '-f', story.realmFile, '--yes');
    await settledChange(story, '--full');
    const again = (await story.control.writes()) - before;
    console.log(`\n${again === 0 ? green('right') : red('WRONG')}: the same again wrote ${again} times`);
    await portico(story, 'people', '--reason', 'refused-exists', '--limit', '5');
    step(faults + again === 0 ? 'the end state is right' : `${faults + again} faults`);
    return faults + again === 0 ? 0 : 1;
  } finally {
    await story.local.stop();
  }
});
