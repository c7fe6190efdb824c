export { eventually, type EventuallyOptions } from './eventually.js';
export { type DatabaseTemplate, type TestDatabase, testDatabase } from './test-database.js';
export { type TestNats, testNats } from './test-nats.js';
export { type TestServer, type TestServers, testServers } from './test-servers.js';
