import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { requireConsumers } from '@portico/messaging';
import { loadConfig, runMain, runService } from '@portico/service-kit';
import { AppModule } from './app.module.js';
import { AdminConfig } from './config.js';
import { serveApiDescription } from './http/openapi.js';

await runMain(SERVICES.admin, async () => {
  const config = loadConfig(AdminConfig);
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  await runService(AppModule.with(config), {
    name: SERVICES.admin,
    port: config.port,
    prepare: serveApiDescription,
    needs: [() => requireConsumers({ url, user, password, name: SERVICES.admin }, [])],
    waitSeconds: config.startWaitSeconds,
  });
});
