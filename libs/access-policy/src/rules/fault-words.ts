/** What is meant where something else is written. */
const SLIPS: Readonly<Record<string, string>> = {
  '=': 'write == to compare',
  '&': 'write && for "and"',
  '|': 'write || for "or"',
  and: 'write &&',
  or: 'write ||',
  not: 'write !',
  '“': 'write straight quotes',
  '”': 'write straight quotes',
  '‘': 'write straight quotes',
  '’': 'write straight quotes',
};

interface Words {
  readonly message: string;
  /** Comes after the place. */
  readonly remedy: string;
}

/** The library's summary of a fault in our words, where they say more. */
export const wordsOf = (source: string, offset: number | undefined, summary: string): Words => {
  if (offset !== undefined && summary.startsWith('Unexpected character')) return unexpected(source.slice(offset));
  return { message: summary, remedy: remedyFor(summary) };
};

const unexpected = (rest: string): Words => {
  const [word = ''] = /^[\p{L}\p{N}_]+|^./su.exec(rest) ?? [];
  const remedy = SLIPS[word] ?? SLIPS[word.toLowerCase()];
  return { message: `unexpected ${word}`, remedy: remedy === undefined ? '' : `; ${remedy}` };
};

/** `no such overload: string == int`, and that a rule comes to a text. */
const remedyFor = (summary: string): string => {
  if (/\bnull\b/.test(summary)) return '; an empty field equals ""';
  if (!/\bstring\b/.test(summary) || !summary.startsWith('no such overload')) return '';
  if (/\bbool\b/.test(summary)) return '; a field is a text: write "true" or "false" in quotes';
  return /\b(int|double)\b/.test(summary)
    ? '; a field is a text: write the number in quotes, or make one of the field by int(…) or double(…)'
    : '';
};
