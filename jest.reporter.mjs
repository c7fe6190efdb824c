import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What failed, each with the first lines that say why: the whole message is where the test ran. */
const failuresOf = ({ testResults }) =>
  testResults.flatMap(({ testFilePath, testExecError, failureMessage, testResults: tests }) => [
    ...(testExecError ? [`${relative('.', testFilePath)}: ${briefly(failureMessage ?? '')}`] : []),
    ...tests
      .filter(({ status }) => status === 'failed')
      .map(
        ({ fullName, failureMessages }) =>
          `${relative('.', testFilePath)}: ${fullName}\n${briefly(failureMessages[0])}`,
      ),
  ]);

const briefly = (message = '') => stripVTControlCharacters(message).split('\n').slice(0, 12).join('\n');

/** Leaves the counts of a run in dist/test-results, where `npm test` adds them up (also after a cache hit). */
export default class CountReporter {
  constructor(_globalConfig, options) {
    this.kind = options.kind;
  }

  onRunComplete(_contexts, results) {
    const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
    const folder = fileURLToPath(new URL('./dist/test-results', import.meta.url));
    const file = join(folder, `${name}.${this.kind}.json`);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(
      file,
      JSON.stringify({
        passed: results.numPassedTests,
        failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
        skipped: results.numPendingTests,
        failures: failuresOf(results).map((failure) => `${name}/${failure}`),
      }),
    );
  }
}
