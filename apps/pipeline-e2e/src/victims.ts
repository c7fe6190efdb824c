import { SERVICE_NAMES, type LocalPortico } from './local-portico.js';

/** What can be killed: SIGKILL, and started again a moment later. */
export interface Victim {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export const victims = (local: LocalPortico): Readonly<Record<string, Victim>> => ({
  ...Object.fromEntries(SERVICE_NAMES.map((name) => [name, local.services[name]])),
  postgres: { kill: () => local.stack.killPostgres(), restart: () => local.stack.restartPostgres() },
  nats: { kill: () => local.stack.killNats(), restart: () => local.stack.restartNats() },
});
