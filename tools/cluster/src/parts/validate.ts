import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '@portico/pipeline-e2e';
import { CHART } from '../installation.js';
import { hasKind, type Namespace } from '../namespace.js';
import { run } from '../run.js';

const DEFINITIONS: Readonly<Record<string, string>> = {
  ScaledObject: 'scaledobjects.keda.sh',
  PodMonitor: 'podmonitors.monitoring.coreos.com',
  PrometheusRule: 'prometheusrules.monitoring.coreos.com',
  HTTPRoute: 'httproutes.gateway.networking.k8s.io',
};

/** Has the API server check every object of every value set, and Pod Security every pod; answers the faults. */
export const validate = async (namespace: Namespace): Promise<readonly string[]> => {
  const faults: string[] = [];
  const unknown: string[] = [];
  for (const [kind, definition] of Object.entries(DEFINITIONS)) if (!(await hasKind(definition))) unknown.push(kind);
  if (unknown.length > 0) step(`SKIPPED: this cluster does not know ${unknown.join(', ')}`);
  const sets = readdirSync(join(CHART, 'ci'));
  for (const set of sets) {
    const values = join(CHART, 'ci', set);
    const text = await run('helm', ['template', 'checked', CHART, '-n', namespace.name, '-f', values]);
    const documents = text.split(/^---$/m).filter((each) => /^kind:/m.test(each));
    const known = documents.filter((each) => !unknown.includes(/^kind: (\w+)/m.exec(each)?.[1] ?? ''));
    const args = ['-n', namespace.name, 'create', '--dry-run=server', '--validate=strict', '-o', 'name', '-f', '-'];
    const warnings = await run('sh', ['-c', `kubectl ${args.join(' ')} 2>&1`], { input: known.join('---\n') });
    const wrong = warnings.split('\n').filter((line) => /^(Warning|Error)/.test(line));
    faults.push(...wrong.map((line) => `${set}: ${line}`));
  }
  step(`the API server finds the objects of ${sets.length} value sets ${faults.length === 0 ? 'valid' : 'WRONG'}`);
  return faults;
};
