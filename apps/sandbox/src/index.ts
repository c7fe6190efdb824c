export {
  startSandbox,
  type Sandbox,
  type SandboxAddress,
  type SandboxOptions,
  type SandboxPortal,
} from './start-sandbox.js';
export type { LifeEvent, LifeKind } from './world/life.js';
export type { CustomFieldSpec, IdentifierKind, PortalSpec } from './world/portal.js';
export type { CustomType } from './world/custom-data.js';
export { signWebhook } from './bamboohr/webhooks/signature.js';
export type { FaultKind, FaultSpec } from './world/faults.js';
export { switchCases, switchTable, type SwitchEntry, type SwitchName, type Switches } from './world/switches.js';
