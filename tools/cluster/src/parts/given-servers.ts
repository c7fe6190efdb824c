import { step } from '@portico/pipeline-e2e';
import { baseValues, merge, RELEASE, type Values } from '../installation.js';
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

const database = (key: string) => ({ existingSecret: SECRET, key });

const givenValues = (image: string): Values =>
  merge(baseValues(image), {
    quickstart: { enabled: false },
    databases: {
      ingestion: database('ingestion-url'),
      policy: database('policy-url'),
      provisioning: database('provisioning-url'),
    },
    nats: { url: `nats://${RELEASE}-nats:4222`, existingSecret: SECRET },
    adminTokens: { existingSecret: SECRET },
    ...{ ingestion: { replicas: 0 }, provisioning: { replicas: 0 } },
  });

/** What `helm install` says when it fails. */
const refusal = async (stage: Stage, values: Values): Promise<string> =>
  stage.installation.installBeside(NAME, merge(givenValues(stage.image), values)).then(() => '', String);

/** A key that is not there is said at once; a database that is none is in the log of the migration, which stays. */
const wrongServers = async (stage: Stage): Promise<number> => {
  const noKey = await refusal(stage, { databases: { policy: database('nothing') } });
  const saysKey = noKey.includes('which has no key "nothing"');
  step(`${saysKey ? 'right' : 'WRONG'}: a key that no Secret has is refused before anything is made`);

  await refusal(stage, { databases: { policy: database('tokens') }, migration: { waitSeconds: 1 } });
  const selector = `app.kubernetes.io/instance=${NAME},app.kubernetes.io/component=migration`;
  const log = await stage.namespace.kubectl('logs', '-l', selector, '--all-containers', '--prefix');
  const saysWhy = /\/policy\].*DATABASE_URL/.test(log);
  step(`${saysWhy ? 'right' : 'WRONG'}: a migration that failed left its log`);
  await stage.namespace.helm('uninstall', NAME, '--wait', '--timeout=120s');
  return (saysKey ? 0 : 1) + (saysWhy ? 0 : 1);
};

/** With servers that are there already, as in production: the migration is a hook, done before anything else is made. */
export const givenServers = async (stage: Stage): Promise<number> => {
  const { namespace, installation } = stage;
  await namespace.apply(allowed);
  const faults = await wrongServers(stage);
  await installation.installBeside(NAME, givenValues(stage.image));
  const job = `${NAME}-portico-migrate`;
  const log = await namespace.kubectl('logs', `job/${job}`, '--all-containers');
  const isDone = log.includes('nothing to change') && log.split('the database is up to date').length === 4;
  step(`${isDone ? 'right' : 'WRONG'}: the hook migrated NATS and three databases before the services were there`);
  await namespace.helm('test', NAME);
  await namespace.helm('uninstall', NAME, '--wait', '--timeout=120s');
  await namespace.kubectl('delete', 'job', job);
  return faults + (isDone ? 0 : 1);
};
