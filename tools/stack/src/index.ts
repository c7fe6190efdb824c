export { findNatsServer, type NatsServer } from './find-nats-server.js';
export { type GivenServers, givenServers, type Stack, type StackOptions, startStack } from './start-stack.js';
