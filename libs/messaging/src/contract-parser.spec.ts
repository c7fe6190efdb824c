import { parseContract, samples } from '@portico/contracts';
import { Transform } from 'class-transformer';
import { IsInt, IsString, ValidateIf } from 'class-validator';
import fc from 'fast-check';
import { contractParser, parseFast } from './contract-parser.js';

type Path = readonly (string | number)[];

const pathsOf = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [
        ...(path.length > 0 ? [path] : []),
        ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key])),
      ]
    : [path];

const changed = (value: unknown, [key, ...rest]: Path, replacement: unknown): unknown => {
  if (key === undefined) return replacement;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  const next = rest.length === 0 ? replacement : changed(copy[key], rest, replacement);
  if (next === undefined) Reflect.deleteProperty(copy, key);
  else copy[key] = next;
  return copy;
};

/** Other values of the same and of other types, among them those that rules look at; `undefined` takes the field away. */
const replacement = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    '',
    'acme',
    'UPPER',
    '2026-01-12',
    '2026-01-12T10:00:00Z',
    'joiner',
    'tomorrows-value',
  ),
  fc.constantFrom(0, -1, 1.5, 7, Number.MAX_SAFE_INTEGER, true, [], {}, [null], ['a', 1], [{}], { a: 'b' }),
  fc.string(),
);

const outcomeOf = (parse: () => unknown): unknown => {
  try {
    return { value: parse() };
  } catch (error) {
    return { failure: (error as Error).name, message: (error as Error).message };
  }
};

describe.each(samples.map(({ type, sample }) => ({ name: type.name, type, sample })))('$name', ({ type, sample }) => {
  const parse = contractParser(type);

  it('is parsed into the same instance', () => {
    const parsed = parse(structuredClone(sample));
    expect(parsed).toStrictEqual(parseContract(type, sample));
    expect(parsed).toBeInstanceOf(type);
  });

  it('takes the fast way', () => {
    expect(parseFast(type, structuredClone(sample))).toBeDefined();
  });

  it('gives what parseContract gives, whatever is changed in it', () => {
    const paths = pathsOf(sample);
    const mutation = fc.tuple(fc.constantFrom(...paths), replacement);
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const mutated = mutations.reduce<unknown>(
          (current, [path, value]) => changedWhereThere(current, path, value),
          sample,
        );
        const body: unknown = JSON.parse(JSON.stringify(mutated) ?? 'null');
        const slow = outcomeOf(() => parseContract(type, structuredClone(body)));
        expect(outcomeOf(() => parse(structuredClone(body)))).toStrictEqual(slow);
      }),
      { numRuns: 400 },
    );
  });
});

/** A path may have gone with an earlier change. */
const changedWhereThere = (value: unknown, path: Path, replacement: unknown): unknown => {
  try {
    return changed(value, path, replacement);
  } catch {
    return value;
  }
};

it('fields that the class does not know are dropped', () => {
  class Known {
    @IsInt() number!: number;
  }
  expect(contractParser(Known)({ number: 1, later: 2 })).toStrictEqual(parseContract(Known, { number: 1 }));
});

it('a class that uses more of the libraries is parsed the slow way', () => {
  class Strange {
    @Transform(({ value }) => Number(value))
    @IsInt()
    number!: number;

    @ValidateIf((object: Strange) => object.number > 1)
    @IsString()
    name!: string;
  }
  const parse = contractParser(Strange);
  expect(parseFast(Strange, { number: 1 })).toBeUndefined();
  expect(parse({ number: '1' })).toStrictEqual(parseContract(Strange, { number: '1' }));
  expect(() => parse({ number: '2' })).toThrow('name must be a string');
});

it.each([[null], ['text'], [7], [[]]])('%p is no object', (value) => {
  class Known {
    @IsInt() number!: number;
  }
  expect(() => contractParser(Known)(value)).toThrow('Known: the body is not a JSON object');
});
