import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { loadConfig, runMain, runService } from '@portico/service-kit';
import { AppModule } from './app.module.js';
import { PolicyConfig } from './config.js';
import { needsOf } from './needs.js';
import { connectTransports } from './transports.js';

await runMain(SERVICES.policy, async () => {
  const config = loadConfig(PolicyConfig);
  await runService(AppModule.with(config), {
    name: SERVICES.policy,
    port: config.port,
    prepare: connectTransports,
    needs: needsOf(config),
    waitSeconds: config.startWaitSeconds,
  });
});
