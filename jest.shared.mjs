import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** One jest configuration for a kind of test; the project is the working directory. */
export const configFor = (kind, testMatch, extra = {}) => ({
  testMatch,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@portico/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  resolver: here('./jest.resolver.cjs'),
  transform: { '\\.ts$': ['@swc/jest', { swcrc: false, configFile: here('./.swcrc') }] },
  modulePathIgnorePatterns: ['/dist/'],
  passWithNoTests: true,
  reporters: ['default', [here('./jest.reporter.mjs'), { kind }]],
  ...extra,
});
