import { PubHeaders } from '@nats-io/jetstream';
import { errors, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import { toHeaders, type CloudEventAttributes } from '@portico/contracts';

const BROKEN = /[\r\n]/;

/**
 * The headers of a message that a stream takes, on top of the subject's last message where that is given. For each header
 * the library looks at all those before; of the object that it makes it uses but this when it publishes.
 */
export const streamHeaders = (
  event: CloudEventAttributes,
  stream: string,
  expectedSequence: number | undefined,
): MsgHdrs => {
  let text = 'NATS/1.0';
  const add = (name: string, value: string) => {
    if (BROKEN.test(value)) throw errors.InvalidArgumentError.format('header', 'values cannot contain \\r or \\n');
    text += `\r\n${name}: ${value}`;
  };
  for (const [name, value] of Object.entries(toHeaders(event))) add(name, value);
  add(PubHeaders.ExpectedStreamHdr, stream);
  if (expectedSequence !== undefined) add(PubHeaders.ExpectedLastSubjectSequenceHdr, String(expectedSequence));
  const encode = () => Buffer.from(`${text}\r\n\r\n`);
  return { encode } as unknown as MsgHdrs;
};

/** What the library holds of a message, and does not show. */
interface RawMessage {
  readonly _msg?: { readonly hdr?: number };
  readonly _rdata?: Uint8Array;
}

const decoder = new TextDecoder();

/** The first value of each header. Reading costs the library as much as writing; where its bytes are not found, it reads. */
export const headersOf = (message: Msg): ReadonlyMap<string, string> => {
  const { _msg, _rdata } = message as unknown as RawMessage;
  if (_msg?.hdr === undefined || _rdata === undefined) {
    return new Map([...(message.headers ?? [])].map(([name, [value = '']]) => [name, value]));
  }
  const values = new Map<string, string>();
  if (_msg.hdr < 1) return values;
  for (const line of decoder.decode(_rdata.subarray(0, _msg.hdr)).split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (colon > 0 && !values.has(name)) values.set(name, line.slice(colon + 1).trim());
  }
  return values;
};
