/** A forbidden line, planted in a project, and the rule that must complain about it. */
export interface Probe {
  readonly project: string;
  readonly code: string;
  readonly rule: string;
}

const boundaries = '@nx/enforce-module-boundaries';
const imports = 'no-restricted-imports';
const globals = 'no-restricted-globals';
const properties = 'no-restricted-properties';
const syntax = 'no-restricted-syntax';

const cores = ['libs/access-policy', 'libs/employee-changes', 'libs/provisioning-plan'];
const adapters = ['libs/bamboohr-client', 'libs/learnupon-client', 'libs/messaging', 'libs/service-kit'];
const services = ['apps/bamboohr-ingestion', 'apps/realm-policy', 'apps/learnupon-provisioning'];

const inEach = (projects: readonly string[], rule: string, lines: readonly string[]): Probe[] =>
  projects.flatMap((project) => lines.map((code) => ({ project, code, rule })));

const importing = (name: string) => `import * as it from '${name}';\nexport const kept = it;`;
const computing = (expression: string) => `export const kept: unknown = ${expression};`;

/** Everything that ESLint must refuse. */
export const forbidden: readonly Probe[] = [
  // A core reaches nothing …
  ...inEach(
    cores,
    boundaries,
    ['@nestjs/common', '@mikro-orm/core', '@nats-io/jetstream', 'undici', 'class-validator', 'pino'].map(importing),
  ),
  ...inEach(
    cores,
    boundaries,
    ['@portico/contracts', '@portico/messaging', '@portico/service-kit', '@portico/bamboohr-client'].map(importing),
  ),
  ...inEach(cores, boundaries, ['@portico/realm-policy', '@portico/learnupon-provisioning'].map(importing)),
  ...inEach(cores, boundaries, [
    importing('../../messaging/src/index.js'),
    `export type { Module } from '@nestjs/common';`,
    `export * from '@mikro-orm/core';`,
  ]),
  ...inEach(
    cores,
    imports,
    [
      'node:fs',
      'node:fs/promises',
      'fs',
      'fs/promises',
      'node:crypto',
      'crypto',
      'child_process',
      'net',
      'node:timers/promises',
    ].map(importing),
  ),
  ...inEach(cores, syntax, [computing(`await import('node:fs')`)]),
  // … and has no clock, no randomness and no outside.
  ...inEach(cores, properties, ['Date.now()', 'Math.random()', 'Temporal.Now.instant()'].map(computing)),
  ...inEach(cores, properties, [
    'const { now } = Date;\nexport const kept = now();',
    'const { Now } = Temporal;\nexport const kept = Now.instant();',
  ]),
  ...inEach(cores, syntax, ['new Date()', 'new Date', 'Date()'].map(computing)),
  ...inEach(
    cores,
    globals,
    [
      'process.env',
      `fetch('http://localhost')`,
      'crypto.randomUUID()',
      'performance.now()',
      'setTimeout(() => undefined, 1)',
      'globalThis.fetch',
      'globalThis.process',
      'globalThis.Date.now()',
      'new globalThis.Date()',
      'queueMicrotask(() => undefined)',
    ].map(computing),
  ),
  ...inEach(cores, 'no-console', [`console.log('here');\nexport {};`]),

  // Contracts import nothing of ours, and little else.
  ...inEach(
    ['libs/contracts'],
    boundaries,
    [
      '@portico/access-policy',
      '@portico/messaging',
      '@portico/service-kit',
      '@portico/realm-policy',
      '@nestjs/common',
      '@nats-io/jetstream',
    ].map(importing),
  ),

  // Adapters know neither cores nor apps.
  ...inEach(
    adapters,
    boundaries,
    [
      '@portico/realm-policy',
      '@portico/learnupon-provisioning',
      '@portico/access-policy',
      '@portico/employee-changes',
    ].map(importing),
  ),
  ...inEach(['libs/messaging'], boundaries, [importing('../../../apps/realm-policy/src/index.js')]),

  // An app never imports another.
  ...inEach(['apps/bamboohr-ingestion', 'apps/learnupon-provisioning', 'apps/admin-api', 'apps/cli'], boundaries, [
    importing('@portico/realm-policy'),
  ]),
  ...inEach(['apps/realm-policy'], boundaries, [
    importing('@portico/learnupon-provisioning'),
    importing('../../learnupon-provisioning/src/index.js'),
  ]),

  // Parts for tests stay out of what is shipped, and know nothing of what they test.
  ...inEach(
    [...services, ...adapters, ...cores, 'apps/admin-api', 'apps/cli', 'libs/contracts'],
    imports,
    ['@portico/testing', '@portico/sandbox', '@portico/stack', 'fast-check'].map(importing),
  ),
  ...inEach(
    ['libs/testing'],
    boundaries,
    ['@portico/messaging', '@portico/service-kit', '@portico/realm-policy'].map(importing),
  ),
  ...inEach(
    ['apps/sandbox'],
    boundaries,
    ['@portico/contracts', '@portico/bamboohr-client', '@portico/learnupon-provisioning'].map(importing),
  ),
];

/** What ESLint must let pass: without these, a rule that refuses everything would look good. */
export const allowed: readonly Omit<Probe, 'rule'>[] = [
  { project: 'libs/access-policy', code: importing('@marcbachmann/cel-js') },
  { project: 'libs/provisioning-plan', code: importing('@portico/access-policy') },
  { project: 'libs/provisioning-plan', code: computing(`Temporal.PlainDate.from('2026-02-28')`) },
  { project: 'libs/contracts', code: importing('class-validator') },
  { project: 'libs/messaging', code: importing('@portico/contracts') },
  { project: 'libs/messaging', code: importing('@portico/service-kit') },
  { project: 'apps/realm-policy', code: importing('@portico/access-policy') },
  { project: 'apps/realm-policy', code: importing('@portico/messaging') },
  { project: 'apps/learnupon-provisioning', code: importing('@portico/contracts') },
  { project: 'libs/testing', code: importing('@portico/stack') },
];

/** What only test files may do. */
export const allowedInTests: readonly Omit<Probe, 'rule'>[] = [
  { project: 'libs/messaging', code: importing('@portico/testing') },
  { project: 'apps/bamboohr-ingestion', code: importing('@portico/sandbox') },
  { project: 'apps/realm-policy', code: importing('@portico/testing') },
  { project: 'libs/access-policy', code: importing('fast-check') },
];
