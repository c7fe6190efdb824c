export { AppModule } from './app.module.js';
export { ProvisioningConfig } from './config.js';
export { migrate } from './persistence/orm.js';
export { prepareTransports } from './prepare-transports.js';
