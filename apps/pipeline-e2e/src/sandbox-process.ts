import { startSandbox, type SandboxOptions } from '@portico/sandbox';

/** The sandbox as a process of its own: `node sandbox-process.js '<options as JSON>'`. */
const sandbox = await startSandbox(JSON.parse(process.argv[2] ?? '{}') as SandboxOptions);
console.log(JSON.stringify({ bamboohr: sandbox.bamboohr, learnupon: sandbox.learnupon, control: sandbox.control }));
process.once('SIGTERM', () => void sandbox.stop().then(() => process.exit(0)));
