export * from './facts.js';
export { normaliseTitle } from './groups.js';
export { identifierKey, identifiersOf, isSame, normalise } from './identifiers.js';
export { normaliseLabel } from './custom-data.js';
export { lastDayOf } from './plan-leaving.js';
export { needsOtherCells, planProvisioning } from './plan-provisioning.js';
export { refusalKey } from './refusal.js';
