export { type Complaints, lint } from './lint.js';
export { allowed, allowedInTests, forbidden, type Probe } from './probes.js';
export { copyWorkspace, type WorkspaceCopy } from './workspace-copy.js';
