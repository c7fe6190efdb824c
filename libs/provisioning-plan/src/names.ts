/** What names are compared by. */
export interface Named {
  readonly firstName: string;
  readonly lastName: string;
}

/** Letters that Unicode does not take for a letter with a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  œ: 'oe',
  æ: 'ae',
};

/** Said before or within so many names that they tell nobody from anybody. */
const PARTICLES = new Set('al bin da das de del den der di dos du el ibn la le ter the van von'.split(' '));

/** Umlauts are written with and without an e. Marks of other scripts stay: there they are vowels. */
const simplify = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßøłđðþıœæ]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/([aou])e/g, '$1')
    .normalize('NFC');

/** Without what divides it. */
const compact = (text: string): string => simplify(text).replace(/[^\p{L}\p{M}\p{N}]+/gu, '');

/** An initial says as good as nothing, while a name in Chinese may be one character. */
const isTelling = (part: string): boolean =>
  !PARTICLES.has(part) && (part.length > 1 || !/\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek}/u.test(part));

const partsOf = ({ firstName, lastName }: Named): Set<string> => {
  const [first, last] = [compact(firstName), compact(lastName)];
  const words = `${firstName} ${lastName}`.split(/[\s\-–,./]+/u).map(compact);
  return new Set([first, last, first + last, last + first, ...words].filter((part) => part !== '' && isTelling(part)));
};

/**
 * Whether two names may be one person's: some part of them is the same, whatever the case, the accents and the order.
 * People marry and go by another first name, so one part is enough. Without a name there is no evidence against it.
 */
export const mayBeSamePerson = (one: Named, other: Named): boolean => {
  const parts = partsOf(one);
  const others = partsOf(other);
  if (parts.size === 0 || others.size === 0) return true;
  for (const part of parts) if (others.has(part)) return true;
  return false;
};
