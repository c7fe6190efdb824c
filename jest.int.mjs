import { configFor } from './jest.shared.mjs';

export default configFor('test-int', ['**/*.int-spec.ts', '**/*.e2e-spec.ts'], { testTimeout: 60_000, maxWorkers: 1 });
