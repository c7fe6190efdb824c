import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, startProcess, type ManagedProcess } from '@portico/pipeline-e2e';
import type { SandboxAddress, SandboxOptions } from '@portico/sandbox';

/** A sandbox in a process of its own. */
export const startSandboxProcess = async (
  name: string,
  options: SandboxOptions,
): Promise<ManagedProcess & { readonly address: SandboxAddress }> => {
  const process = await startProcess({
    name,
    script: join(repository, 'apps/pipeline-e2e/dist/sandbox-process.js'),
    args: [JSON.stringify(options)],
    cwd: repository,
    logFile: join(tmpdir(), `portico-bench-${name}.log`),
  });
  return { ...process, address: process.ready() as unknown as SandboxAddress };
};
