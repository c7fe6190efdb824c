import { mkdirSync, writeFileSync } from 'node:fs';
import { buildSchemas, schemaFile } from './schemas.js';

const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(buildSchemas())) {
  const file = schemaFile(name, schema);
  writeFileSync(new URL(file.name, folder), file.text);
}
