import fc from 'fast-check';
import { callsOf } from '../openapi/arbitraries.js';
import { operations, type DocumentedOperation } from '../openapi/document.js';
import { ada, openSandbox, type OpenSandbox } from '../harness.js';

/** More of them: `SANDBOX_FUZZ_RUNS=2000 npx nx test sandbox`. */
const RUNS = Number(process.env['SANDBOX_FUZZ_RUNS'] ?? 25);

let box: OpenSandbox;
beforeAll(async () => {
  box = await openSandbox({ employees: 20, switches: { webhookPlainHttp: true } }, { keep: true });
  await box.control('POST', '/people/1/rows/customCertifications', { customCertification: 'First aid' });
  await box.hire(ada);
});
afterAll(() => box.sandbox.stop());

const TRACE = /\bat .*\.[jt]s:\d+|(Type|Range|Reference|Syntax)Error/;

// The harness checks each answer against the document besides.
test.each(operations.map((operation): [string, DocumentedOperation] => [operation.spec.operationId, operation]))(
  "whatever is asked of %s gets the vendor's own kind of answer",
  async (_, operation) => {
    await fc.assert(
      fc.asyncProperty(callsOf(operation), async ({ method, path, accept, contentType, body }) => {
        const reply = await box.bamboo(path.replace(/^\/api/, ''), {
          method,
          headers: { accept, 'content-type': contentType },
          body,
        });
        expect(reply.status).toBeLessThan(500);
        expect(reply.text).not.toMatch(TRACE);
        expect(reply.headers['x-request-id']).toMatch(/^\d+$/);
      }),
      { numRuns: RUNS },
    );
  },
);
