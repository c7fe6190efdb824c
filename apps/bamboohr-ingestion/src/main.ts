import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { loadConfig, runMain, runService } from '@portico/service-kit';
import { AppModule } from './app.module.js';
import { IngestionConfig } from './config.js';
import { needsOf } from './needs.js';
import { prepareTransports } from './prepare-transports.js';

await runMain(SERVICES.ingestion, async () => {
  const config = loadConfig(IngestionConfig);
  await runService(AppModule.with(config), {
    name: SERVICES.ingestion,
    port: config.port,
    prepare: prepareTransports,
    needs: needsOf(config),
    waitSeconds: config.startWaitSeconds,
  });
});
