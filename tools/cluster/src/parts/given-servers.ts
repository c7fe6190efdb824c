import { step } from '@portico/pipeline-e2e';
import { baseValues, merge, RELEASE } from '../installation.js';
import type { Stage } from '../stage.js';

const NAME = 'given';
const SECRET = `${RELEASE}-quickstart`;

/** Lets the other release reach the first one's servers, where network policies are enforced. */
const allowed = {
  ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'servers-for-all' } },
  spec: {
    podSelector: {
      matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ['postgresql', 'nats'] }],
    },
    ingress: [{ from: [{ podSelector: {} }] }],
  },
};

/** With servers that are there already, as in production: the migration is a hook, done before anything else is made. */
export const givenServers = async (stage: Stage): Promise<number> => {
  const { namespace, installation } = stage;
  await namespace.apply(allowed);
  const database = (key: string) => ({ existingSecret: SECRET, key });
  await installation.installBeside(
    NAME,
    merge(baseValues(stage.image), {
      quickstart: { enabled: false },
      databases: {
        ingestion: database('ingestion-url'),
        policy: database('policy-url'),
        provisioning: database('provisioning-url'),
      },
      nats: { url: `nats://${RELEASE}-nats:4222`, existingSecret: SECRET },
      adminTokens: { existingSecret: SECRET },
      ...{ ingestion: { replicas: 0 }, provisioning: { replicas: 0 } },
    }),
  );
  const job = `${NAME}-portico-migrate`;
  const log = await namespace.kubectl('logs', `job/${job}`, '--all-containers');
  const isDone = log.includes('nothing to change') && log.split('the database is up to date').length === 4;
  step(`${isDone ? 'right' : 'WRONG'}: the hook migrated NATS and three databases before the services were there`);
  await namespace.helm('test', NAME);
  await namespace.helm('uninstall', NAME, '--wait', '--timeout=120s');
  await namespace.kubectl('delete', 'job', job);
  return isDone ? 0 : 1;
};
