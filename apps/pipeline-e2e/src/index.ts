export { AdminClient } from './admin-client.js';
export { repository, SERVICE_NAMES, startLocalPortico, type LocalOptions, type LocalPortico } from './local-portico.js';
export { runToEnd, startProcess, type ManagedProcess } from './managed-process.js';
export { writeRealmFile } from './realm-file.js';
