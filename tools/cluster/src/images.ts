import { repository, step } from '@portico/pipeline-e2e';
import { run } from './run.js';

export interface Images {
  readonly image: string;
  readonly sandboxImage: string;
}

const build = async (source: string, tag: string, target: string): Promise<string> => {
  const args = ['build', '-q', '-f', 'deploy/docker/Dockerfile', '--target', target, '-t', tag, '.'];
  await run('docker', args, { cwd: source, env: { DOCKER_BUILDKIT: '1' } });
  return tag;
};

/** Brings an image into the cluster by the command that the environment names, such as `kind load docker-image`. */
export const load = async (image: string): Promise<void> => {
  const [program = '', ...args] = (process.env['PORTICO_LOAD'] ?? '').split(' ');
  if (program !== '') await run(program, [...args, image]);
};

export const canBuild = (): boolean => (process.env['PORTICO_LOAD'] ?? '') !== '';

/** Builds an image from a folder with this repository's files, and brings it into the cluster. */
export const buildImage = async (tag: string, target: string, source = repository): Promise<string> => {
  const began = performance.now();
  await build(source, tag, target);
  await load(tag);
  step(`image ${tag} built and loaded in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return tag;
};

/** The images that the environment names; else, where it says how to load them, built from the working tree. */
export const findImages = async (): Promise<Images | undefined> => {
  const { PORTICO_IMAGE: image, PORTICO_SANDBOX_IMAGE: sandboxImage } = process.env;
  if (image && sandboxImage) return { image, sandboxImage };
  if (!canBuild()) return undefined;
  return {
    image: await buildImage('portico:test', 'portico'),
    sandboxImage: await buildImage('portico-sandbox:test', 'sandbox'),
  };
};
