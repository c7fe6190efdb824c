import { gunzipSync, gzipSync } from 'node:zlib';

/** JSON that is too long as it is: a realm of two hundred portals says much of the same. */
interface Packed {
  /** gzip, in base64. */
  readonly packed: string;
}

/** Of what comes out: nothing that is meant is longer. */
const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;

/** As it is, where its JSON is short; packed, where that makes it short enough; else `undefined`. */
export const packed = <T>(value: T, mostBytes: number): T | Packed | undefined => {
  const json = JSON.stringify(value);
  if (Buffer.byteLength(json) <= mostBytes) return value;
  const text = gzipSync(json).toString('base64');
  return text.length <= mostBytes ? { packed: text } : undefined;
};

export const unpacked = <T>(value: T | Packed): T =>
  isPacked(value)
    ? (JSON.parse(
        gunzipSync(Buffer.from(value.packed, 'base64'), { maxOutputLength: MOST_UNPACKED_BYTES }).toString(),
      ) as T)
    : value;

const isPacked = (value: unknown): value is Packed =>
  typeof value === 'object' && value !== null && 'packed' in value && typeof value.packed === 'string';
