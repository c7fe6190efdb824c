import { configFor } from './jest.shared.mjs';

export default configFor('test', ['**/*.spec.ts']);
