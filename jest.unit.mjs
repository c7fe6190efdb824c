import { configFor } from './jest.shared.mjs';

// No test takes long; a busy machine with two cores may.
export default configFor('test', ['**/*.spec.ts'], { testTimeout: 30_000 });
