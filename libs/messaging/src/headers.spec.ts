import { createRequire } from 'node:module';
import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import { headers } from '@nats-io/transport-node';
import { headersOf, streamHeaders } from './headers.js';

interface Library {
  readonly MsgImpl: new (message: object, data: Uint8Array, publisher: object) => Msg;
}
const { MsgImpl } = createRequire(import.meta.resolve('@nats-io/transport-node'))(
  '@nats-io/nats-core/internal',
) as Library;

/** A message as the library makes it of what came in. */
const received = (encoded: Uint8Array): Msg => {
  const data = Buffer.concat([encoded, Buffer.from('{"a":1}')]);
  return new MsgImpl({ subject: Buffer.from('s'), hdr: encoded.length, size: data.length }, data, {});
};
const bytesOf = (written: MsgHdrs): Uint8Array => (written as unknown as { encode(): Uint8Array }).encode();

const event = {
  id: 'portico.v1.employee.shared.acme.Zoë@3',
  type: 'portico.employee.changed.v1',
  source: 'bamboohr-ingestion',
  time: '2026-03-02T12:00:00.000Z',
  revision: 3,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

test('the library reads what is written', () => {
  const message = received(bytesOf(streamHeaders(event, 'STREAM', 7)));
  expect(message.json()).toEqual({ a: 1 });
  expect(Object.fromEntries([...message.headers!].map(([name, values]) => [name, values.join()]))).toEqual({
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-type': event.type,
    'ce-source': '/portico/bamboohr-ingestion',
    'ce-time': event.time,
    'content-type': 'application/json',
    'Nats-Msg-Id': event.id,
    'ce-revision': '3',
    traceparent: event.traceparent,
    'Nats-Expected-Stream': 'STREAM',
    'Nats-Expected-Last-Subject-Sequence': '7',
  });
});

test('a value cannot begin another header', () => {
  expect(() => streamHeaders({ ...event, traceparent: 'x\r\nNats-Rollup: all' }, 'STREAM', undefined)).toThrow(
    'header',
  );
});

test('what the library writes is read, the first value of each name', () => {
  const written = headers();
  written.append('ce-id', 'Zoë: 1');
  written.append('ce-id', 'second');
  written.append('empty', '');
  const message = received(bytesOf(written));
  expect([...headersOf(message)]).toEqual([
    ['ce-id', 'Zoë: 1'],
    ['empty', ''],
  ]);
  // As the library shows them, where it keeps them elsewhere.
  expect([...headersOf({ headers: message.headers } as Msg)]).toEqual([...headersOf(message)]);
});

test('a message without headers has none', () => {
  const message = new MsgImpl({ subject: Buffer.from('s'), hdr: -1, size: 2 }, Buffer.from('{}'), {});
  expect([...headersOf(message)]).toEqual([]);
});
