export * from './bamboohr.client.js';
export * from './bamboohr.error.js';
export { createBambooHrClient, type BambooHrClientOptions } from './bamboohr.http-client.js';
export type { CallRecord } from './http-transport.js';
