import fc from 'fast-check';
import { isStorable, parseStorable } from './storable-text.js';

it.each([
  [String.raw`{"lastName":"Nul\u0000l"}`, { lastName: 'Null' }],
  [String.raw`{"lastName":"Cut \ud83d"}`, { lastName: 'Cut \ufffd' }],
  [String.raw`["\uDE00 late"]`, ['\ufffd late']],
  [String.raw`["whole \ud83d\ude00"]`, ['whole 😀']],
  [String.raw`["a \\u0000 that is text"]`, [String.raw`a \u0000 that is text`]],
])('%s is read as what can be stored', (json, expected) => {
  expect(parseStorable(json)).toEqual(expected);
});

it('what can be stored is read as it is, and all that is read can be stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\u0000', '\ud83d', '\ude00', 'a', '😀', '\\') }), (text) => {
      const [read] = parseStorable(JSON.stringify([text])) as [string];
      expect(isStorable(read)).toBe(true);
      if (isStorable(text)) expect(read).toBe(text);
    }),
  );
});
