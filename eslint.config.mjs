import { builtinModules } from 'node:module';
import js from '@eslint/js';
import { createProjectGraphAsync, readCachedProjectGraph } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// The boundary rule skips itself where Nx has not yet looked at the workspace, as in a fresh clone.
try {
  readCachedProjectGraph();
} catch {
  await createProjectGraphAsync({ exitOnError: false });
}

const tests = ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', '**/test/**/*.ts'];
const cores = ['libs/employee-changes', 'libs/access-policy', 'libs/provisioning-plan'];
const forTestsOnly = {
  group: ['@portico/testing', '@portico/sandbox', '@portico/stack', 'fast-check'],
  message: 'For tests only: move what you need into a lib, or into a spec.',
};

/** Globals that reach out of a pure function, or could lead there. */
const outside = [
  ...['globalThis', 'global', 'process', 'require', 'navigator', 'crypto', 'performance'],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
];

/** What each tag may import; the README has the same table in words. tools/probes proves that these bite. */
const depConstraints = [
  {
    sourceTag: 'type:core',
    onlyDependOnLibsWithTags: ['type:core'],
    allowedExternalImports: ['@marcbachmann/cel-js', 'fast-check'],
  },
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: [],
    allowedExternalImports: [
      'class-validator',
      'class-transformer',
      'reflect-metadata',
      'fast-check',
      'class-validator-jsonschema',
      'ajv*',
    ],
  },
  {
    sourceTag: 'type:adapter',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:adapter', 'type:testing', 'type:sandbox'],
  },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:tool'] },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:core', 'type:contracts', 'type:adapter', 'type:testing', 'type:sandbox'],
  },
  { sourceTag: 'type:sandbox', onlyDependOnLibsWithTags: ['type:testing'] },
  {
    sourceTag: 'type:e2e',
    onlyDependOnLibsWithTags: [
      'type:core',
      'type:contracts',
      'type:adapter',
      'type:testing',
      'type:sandbox',
      'type:tool',
    ],
  },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['*'] },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.portico/**'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { depConstraints, enforceBuildableLibDependency: false, allow: [] }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
    ignores: [...tests, 'libs/testing/**', 'apps/sandbox/**', 'apps/pipeline-e2e/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [forTestsOnly] }] },
  },
  {
    files: cores.map((core) => `${core}/src/**/*.ts`),
    ignores: tests,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: builtinModules.map((name) => ({ name, message: 'A core reaches nothing: take it as an argument.' })),
          patterns: [forTestsOnly, { group: ['node:*'], message: 'A core reaches nothing: take it as an argument.' }],
        },
      ],
      'no-restricted-globals': [
        'error',
        ...outside.map((name) => ({
          name,
          message: 'A core has no clock, no randomness and no outside: take it as an argument.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument.' },
        { object: 'Temporal', property: 'Now', message: 'Time is an argument.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument.' },
        { selector: "CallExpression[callee.name='Date']", message: 'Time is an argument.' },
        { selector: 'ImportExpression', message: 'A core reaches nothing: no dynamic import.' },
      ],
    },
  },
  {
    files: ['tools/**/*.ts', 'apps/cli/**/*.ts', 'apps/sandbox/**/*.ts', 'apps/pipeline-e2e/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  { files: tests, rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    files: ['**/*.cjs', '**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', module: 'writable', URL: 'readonly' } },
  },
  {
    files: ['apps/sandbox/src/control/page/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['document', 'location', 'fetch', 'FormData', 'URLSearchParams', 'setTimeout', 'addEventListener'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  prettier,
);
