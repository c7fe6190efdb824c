import { mayBeSamePerson } from './names.js';

const named = (text: string) => {
  const [firstName = '', lastName = ''] = text.split('|');
  return { firstName, lastName };
};

it.each([
  ['the same', 'Ada|Moss', 'Ada|Moss'],
  ['case', 'ADA|moss', 'Ada|Moss'],
  ['accents', 'Zoë|Çelik', 'Zoe|Celik'],
  ['an umlaut written out', 'Jörg|Müller', 'Joerg|Mueller'],
  ['letters that have no mark', 'Søren|Łukasik', 'Soren|Lukasik'],
  ['the order', 'Moss|Ada', 'Ada|Moss'],
  ['another family name after a wedding', 'Ada|Moss', 'Ada|Hill'],
  ['a double name', 'Ada|Moss-Hill', 'A.|Hill'],
  ['another name that she goes by', 'Elizabeth|Moss', 'Liz|Moss'],
  ['everything in one field', 'Ada Moss|', 'Ada|Moss'],
  ['written together', 'Annemarie|Os', 'Anne Marie|Berg'],
  ['apostrophes', 'Sean|O’Brien', 'John|OBrien'],
  ['a name in Chinese', '明|李', '李|明'],
  ['a name in Japanese without a space', '山田太郎|', '太郎|山田'],
  ['a name in Hindi', 'राम|शर्मा', 'राम|वर्मा'],
  ['a name in Cyrillic', 'Юлия|Ёлкина', 'юлия|Елкина'],
  ['no name at all', '|', 'Ada|Moss'],
  ['no name in the record', 'Ada|Moss', '|'],
])('may be one person: %s', (_, one, other) => {
  expect(mayBeSamePerson(named(one), named(other))).toBe(true);
  expect(mayBeSamePerson(named(other), named(one))).toBe(true);
});

it.each([
  ['all of it', 'Ada|Moss', 'Bo|Hill'],
  ['no more than a particle in common', 'Ada|van der Berg', 'Bo|van der Hill'],
  ['no more than an initial in common', 'A.|Moss', 'A.|Hill'],
  ['another vowel in Hindi', 'राम|शर्मा', 'रमा|वर्मा'],
  ['another script, which nobody here can read', 'Юлия|Иванова', 'Yulia|Ivanova'],
])('is another person: %s', (_, one, other) => {
  expect(mayBeSamePerson(named(one), named(other))).toBe(false);
  expect(mayBeSamePerson(named(other), named(one))).toBe(false);
});
