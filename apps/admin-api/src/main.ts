import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { loadConfig, runMain, runService } from '@portico/service-kit';
import { AppModule } from './app.module.js';
import { AdminConfig } from './config.js';
import { serveApiDescription } from './http/openapi.js';

await runMain(SERVICES.admin, async () => {
  const config = loadConfig(AdminConfig);
  await runService(AppModule.with(config), { name: SERVICES.admin, port: config.port, prepare: serveApiDescription });
});
