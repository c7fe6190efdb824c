import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { loadConfig, runMain, runService } from '@portico/service-kit';
import { AppModule } from './app.module.js';
import { ProvisioningConfig } from './config.js';
import { needsOf } from './needs.js';
import { prepareTransports } from './prepare-transports.js';

await runMain(SERVICES.provisioning, async () => {
  const config = loadConfig(ProvisioningConfig);
  await runService(AppModule.with(config), {
    name: SERVICES.provisioning,
    port: config.port,
    prepare: prepareTransports,
    needs: needsOf(config),
    waitSeconds: config.startWaitSeconds,
  });
});
