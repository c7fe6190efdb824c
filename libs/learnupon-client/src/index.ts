export * from './learnupon.client.js';
export * from './learnupon.error.js';
export { createLearnUponClient } from './learnupon.http-client.js';
export type { LearnUponOptions } from './http-transport.js';
