export { AppModule } from './app.module.js';
export { AdminConfig } from './config.js';
export type { TenantStatus } from './ask-status.js';
export { serveApiDescription } from './http/openapi.js';
