import { acmeRules } from './acme.js';
import { judge } from './judge.js';
import { beginStory, firstSync, portico, type Story } from './story.js';
import { green, main, red, step } from './terminal.js';
import { workingDay } from './working-day.js';

const settledChange = async (story: Story, kind: '--full' | '--changed'): Promise<void> => {
  await portico(story, 'run', kind, '--wait');
};

main(async (signal) => {
  const story = await beginStory(signal, { employees: 250, seed: 7 });
  try {
    await firstSync(story);
    let faults = await judge(story.local.sandbox, acmeRules, 'the first sync');

    await workingDay(story.local.sandbox);
    await settledChange(story, '--changed');
    faults += await judge(story.local.sandbox, acmeRules, 'a working day');

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
