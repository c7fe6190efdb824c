export * from './facts.js';
export { identifierKey, identifiersOf, normalise } from './identifiers.js';
export { planProvisioning } from './plan-provisioning.js';
export { refusalKey } from './refusal.js';
