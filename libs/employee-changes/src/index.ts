export * from './certify-read.js';
export * from './detect-changes.js';
export { nextDay } from './days.js';
export * from './facts.js';
export { judgeEmployment, nextReviewOn } from './judge-employment.js';
