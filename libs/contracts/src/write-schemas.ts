import { mkdirSync, writeFileSync } from 'node:fs';
import { committedFiles } from './committed-files.js';

const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const { name, text } of committedFiles()) writeFileSync(new URL(name, folder), text);
