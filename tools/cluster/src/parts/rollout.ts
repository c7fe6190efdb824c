import { step } from '@portico/pipeline-e2e';
import { undisturbed } from '../churn.js';
import { tenantOf, type Stage } from '../stage.js';

/** Every service is rolled out in the middle of the work: no event is lost, no call is doubled. */
export const rollout = (stage: Stage): Promise<number> =>
  undisturbed(tenantOf(stage, 'later'), { people: 60, everyMs: 700 }, 'a roll-out under load', async () => {
    const pods = async () =>
      new Set((await stage.namespace.pods()).filter(({ isOurs }) => isOurs).map(({ uid }) => uid));
    const before = await pods();
    await stage.installation.upgrade({ logLevel: 'debug' });
    const fresh = [...(await pods())].filter((uid) => !before.has(uid));
    step(`${fresh.length} pods are new`);
  });
