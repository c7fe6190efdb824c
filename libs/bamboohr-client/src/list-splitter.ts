/**
 * @param items JSON of whole items with commas between them
 * @param head the text before the first item
 */
export type TakeItems = (items: string, head: string) => void;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** JSON's own, of which `trim` knows more. */
const BLANK = /^[ \t\r\n]*$/;
/** Inside the list, which is inside the object. */
const ITEM_DEPTH = 2;
/** A list that stands further from the beginning of its key is left in the rest. */
const LONGEST_KEY = 200;

/**
 * Takes the items of one list out of a JSON object while its bytes arrive, so that neither all of the text nor all of
 * what it says is ever in memory.
 *
 * It knows strings and brackets alone, and judges nothing. The text was JSON if the rest is, and if each of what was
 * taken is a list of at least one item once it stands in brackets. In UTF-8, what it looks for is never a part of
 * another character.
 */
export class ListSplitter {
  private readonly opening: RegExp;
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private isInList = false;
  private hasItems = false;
  private head = '';
  /** What of the list has arrived and was not taken. */
  private begun: Uint8Array[] = [];
  private readonly decoder = new TextDecoder();
  private passed = '';
  /** The end of `passed`, which would be made one string each time that it is looked into. */
  private tail = '';

  constructor(
    key: string,
    private readonly take: TakeItems,
  ) {
    this.opening = new RegExp(`(?<!\\\\)"${key}"\\s*:\\s*\\[$`);
  }

  /** @param bytes the next ones, cut anywhere; not to be changed afterwards */
  push(bytes: Uint8Array): void {
    let start = 0;
    let comma = -1;
    for (let index = this.skipString(bytes, 0); index < bytes.length; index += 1) {
      switch (bytes[index]) {
        case QUOTE:
          this.isInString = true;
          index = this.skipString(bytes, index + 1) - 1;
          break;
        case COMMA:
          if (this.isInList && this.depth === ITEM_DEPTH) comma = index;
          break;
        case OPEN_LIST:
        case OPEN_OBJECT:
          this.depth += 1;
          if (this.depth === ITEM_DEPTH) {
            this.enter(bytes.subarray(start, index + 1));
            start = index + 1;
          }
          break;
        case CLOSE_LIST:
        case CLOSE_OBJECT:
          this.depth -= 1;
          if (this.isInList && this.depth < ITEM_DEPTH) {
            this.leave(bytes.subarray(start, index));
            start = index;
          }
          break;
        default:
      }
    }
    this.keep(bytes, start, comma);
  }

  /** @returns everything that was pushed but the items */
  end(): string {
    this.pass(new Uint8Array(), false);
    return this.passed;
  }

  /** Where the string that is open at a position has ended; the position itself where none is. */
  private skipString(bytes: Uint8Array, from: number): number {
    if (!this.isInString) return from;
    let isEscaped = this.isEscaped;
    for (let index = from; index < bytes.length; index += 1) {
      const byte = bytes[index];
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) {
        this.isInString = this.isEscaped = false;
        return index + 1;
      }
    }
    this.isEscaped = isEscaped;
    return bytes.length;
  }

  private pass(bytes: Uint8Array, stream = true): void {
    const text = this.decoder.decode(bytes, { stream });
    this.passed += text;
    this.tail = (this.tail + text.slice(-LONGEST_KEY)).slice(-LONGEST_KEY);
  }

  private enter(before: Uint8Array): void {
    this.pass(before);
    this.isInList = this.opening.test(this.tail);
    if (this.isInList) this.head = this.passed;
  }

  private leave(last: Uint8Array): void {
    const items = this.withBegun(last);
    // After a comma there must be one more.
    if (this.hasItems || !BLANK.test(items)) this.takeItems(items);
    this.isInList = this.hasItems = false;
  }

  private keep(bytes: Uint8Array, start: number, comma: number): void {
    if (!this.isInList) {
      this.pass(bytes.subarray(start));
    } else if (comma < start) {
      this.begun.push(bytes.subarray(start));
    } else {
      this.takeItems(this.withBegun(bytes.subarray(start, comma)));
      this.begun.push(bytes.subarray(comma + 1));
    }
  }

  private withBegun(bytes: Uint8Array): string {
    const items = Buffer.concat([...this.begun, bytes]).toString();
    this.begun = [];
    return items;
  }

  private takeItems(items: string): void {
    this.hasItems = true;
    this.take(items, this.head);
  }
}
