import { readFileSync, readdirSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { samples } from './samples.js';
import { committedFiles } from './committed-files.js';
import { buildSchemas } from './schemas.js';

const folder = new URL('../schemas/', import.meta.url);
const files = committedFiles();

const validator = (schema: object) => {
  const ajv = new Ajv2020.default({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
};

describe('the committed JSON Schemas', () => {
  it.each(files)('$name is up to date (else: npm run schemas)', ({ name, text }) => {
    expect(readFileSync(new URL(name, folder), 'utf8')).toBe(text);
  });

  it('are no more than the classes', () => {
    expect(readdirSync(folder).sort()).toEqual(files.map(({ name }) => name).sort());
  });

  it.each(samples)(
    'accept the sample of $type.name, also with fields and values of a newer sender',
    ({ type, sample }) => {
      const validate = validator(buildSchemas()[type.name] as object);
      const future = {
        ...sample,
        cause: { kind: 'telepathy', id: 'x', totals: { joiners: 0, movers: 0, leavers: 0 } },
        more: 1,
      };
      expect([validate(sample), validate.errors]).toEqual([true, null]);
      expect([validate(future), validate.errors]).toEqual([true, null]);
    },
  );

  it.each(samples)('refuse a $type.name without its tenant or stream', ({ type, sample }) => {
    const { tenant: _tenant, stream: _stream, ...rest } = sample as Record<string, unknown>;
    expect(validator(buildSchemas()[type.name] as object)(rest)).toBe(false);
  });
});
