import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartDocs } from './chart-docs.js';
import { chart } from './paths.js';

for (const [name, text] of Object.entries(await chartDocs())) {
  writeFileSync(join(chart, name), text);
  console.log(`${join(chart, name)} written`);
}
