import fc from 'fast-check';
import { fromHeaders, HEADERS, MalformedEventError, stateEventId, subjects, toHeaders } from './index.js';

const getter = (headers: Record<string, string>) => (name: string) => headers[name];
const text = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);

describe('the CloudEvents binding', () => {
  it('reads what it writes', () => {
    const event = fc.record(
      {
        id: text,
        type: text,
        source: fc.stringMatching(/^[a-z-]{1,20}$/),
        time: text,
        revision: fc.nat(),
        traceparent: text,
      },
      { requiredKeys: ['id', 'type', 'source', 'time'] },
    );
    fc.assert(
      fc.property(event, (attributes) => expect(fromHeaders(getter(toHeaders(attributes)))).toEqual(attributes)),
    );
  });

  it('uses the id as the message id, and the same id for the same state', () => {
    const id = stateEventId(subjects.employee('shared', 'acme', '109'), 7);
    const headers = toHeaders({ id, type: 't', source: 's', time: '2026-01-12T10:00:00Z', revision: 7 });
    expect(headers[HEADERS.messageId]).toBe('portico.v1.employee.shared.acme.109@7');
  });

  it('names every attribute that is missing', () => {
    expect(() => fromHeaders(getter({ 'ce-type': 't' }))).toThrow(
      new MalformedEventError('not a CloudEvent: no ce-id, ce-source, ce-time'),
    );
  });

  it('leaves attributes of a newer sender aside, and refuses another major version', () => {
    const headers = toHeaders({ id: 'i', type: 't', source: 's', time: 'now' });
    expect(fromHeaders(getter({ ...headers, 'ce-mood': 'good', 'ce-specversion': '1.7' }))).toMatchObject({ id: 'i' });
    expect(() => fromHeaders(getter({ ...headers, 'ce-specversion': '2.0' }))).toThrow(MalformedEventError);
  });
});

describe('subjects', () => {
  it.each(['', '>', '*', 'a.b', 'a b', 'ä'])('refuse %p as a token', (token) => {
    expect(() => subjects.employee('shared', 'acme', token)).toThrow(RangeError);
    expect(() => subjects.realm(token)).toThrow(RangeError);
  });

  it('split an event in its tokens', () => {
    expect(subjects.operation('acme', 'read.certified')).toBe('portico.v1.operation.acme.read.certified');
  });
});
