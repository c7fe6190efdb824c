export { AppModule, type AppOptions } from './app.module.js';
export { PolicyConfig } from './config.js';
export { migrate } from './persistence/orm.js';
export { connectTransports } from './transports.js';
