import { parseStorable } from '@portico/contracts';
import { malformed } from './classify-failure.js';
import { ListSplitter } from './list-splitter.js';

/** A long list of an answer, handed over while the answer arrives. */
export interface ArrivingList {
  /** Of the answer, which is an object. */
  readonly key: string;
  /** @param before the answer as far as it came before the list */
  readonly take: (items: readonly unknown[], before: unknown) => void;
}

/** The text of a body, without the items of the list. */
export const readBodyAround = async (
  { key, take }: ArrivingList,
  body: AsyncIterable<Uint8Array>,
  operation: string,
): Promise<string> => {
  let before: unknown;
  const splitter = new ListSplitter(key, (json, head) => {
    before ??= parseJson(operation, `${head}]}`);
    const items = parseJson(operation, `[${json}]`) as readonly unknown[];
    if (items.length === 0) throw noJson(operation);
    take(items, before);
  });
  for await (const bytes of body) splitter.push(bytes);
  return splitter.end();
};

export const parseJson = (operation: string, text: string): unknown => {
  try {
    return parseStorable(text);
  } catch {
    // Without the cause: its message quotes the text, which may be personal data.
    throw noJson(operation);
  }
};

const noJson = (operation: string) => malformed(operation, 'something that is no JSON');
