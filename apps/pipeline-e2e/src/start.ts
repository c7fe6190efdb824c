import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repository } from './local-portico.js';
import { beginStory, firstSync, type Story } from './story.js';
import { bold, dim, main, step } from './terminal.js';

const invitation = ({ local }: Story): string => {
  const post = (path: string, body: object) =>
    `  curl -X POST ${local.sandbox.control}${path} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  return [
    '',
    bold('Portico is running. Change something in BambooHR and watch what happens here:'),
    `${dim('hire')}\n${post('/hire', { firstName: 'Ada', lastName: 'Moss', department: 'Sales', division: 'EMEA' })}`,
    `${dim('rename')}\n${post('/people/4/rename', { lastName: 'Okonkwo' })}`,
    `${dim('move')}\n${post('/people/6/move', { department: 'Sales' })}`,
    `${dim('terminate')}\n${post('/people/9/terminate', {})}`,
    `${dim('look')}`,
    `  export ${Object.entries(local.cliEnv())
      .map((pair) => pair.join('='))
      .join(' ')}`,
    `  npm run -s portico -- people --employee 9`,
    `  npm run -s portico -- invites`,
    '',
    `BambooHR is asked every few seconds. The services' logs are in ${join(local.directory, 'logs')}.`,
    'Ctrl-C stops everything and leaves nothing behind.',
    '',
  ].join('\n');
};

main(async (signal) => {
  const story = await beginStory(signal, { employees: 250, seed: 7 });
  try {
    if (signal.aborted) return 130;
    await firstSync(story);
    console.log(invitation(story));
    const watch = spawn(process.execPath, [join(repository, 'apps/cli/dist/main.js'), 'watch'], {
      env: { ...process.env, ...story.local.cliEnv() },
      stdio: 'inherit',
    });
    const ended = once(watch, 'exit');
    if (!signal.aborted) await Promise.race([ended, once(signal, 'abort')]);
    watch.kill('SIGTERM');
    return 0;
  } finally {
    step('stopping');
    await story.local.stop();
  }
});
