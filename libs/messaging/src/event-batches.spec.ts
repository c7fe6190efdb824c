import { eventBatchesOf, eventBatchTableSql, type LeftEvent } from './event-batches.js';

const eventOf = (id: string, part: Partial<LeftEvent> = {}): LeftEvent => ({
  tenant: 'acme',
  id,
  subject: 'portico.v1.learner.acme.academy.created',
  type: 'portico.learner.created.v1',
  time: '2026-01-12T10:00:00.123456789Z',
  traceparent: null,
  body: { id },
  ...part,
});

const idsOf = (heads: string): string[] => (JSON.parse(heads) as { id: string }[]).map(({ id }) => id);

describe(eventBatchesOf, () => {
  it('makes a row for each tenant, in the order of its events', () => {
    const batches = eventBatchesOf([eventOf('1'), eventOf('2', { tenant: 'other' }), eventOf('3')]);
    expect(batches.map(([tenant, events, heads]) => [tenant, events, idsOf(heads)])).toEqual([
      ['acme', 2, ['1', '3']],
      ['other', 1, ['2']],
    ]);
  });

  it('makes none of nothing, and more where there are too many for one', () => {
    expect(eventBatchesOf([])).toEqual([]);
    const events = Array.from({ length: 1_001 }, (_, index) => eventOf(String(index)));
    const batches = eventBatchesOf(events);
    expect(batches.map(([, count]) => count)).toEqual([500, 500, 1]);
    expect(batches.flatMap(([, , heads]) => idsOf(heads))).toEqual(events.map(({ id }) => id));
    expect(batches.flatMap(([, , , bodies]) => bodies.split('\n'))).toEqual(
      events.map(({ body }) => JSON.stringify(body)),
    );
  });

  it('has a line for each body, whatever is in it', () => {
    const body = { text: 'one\ntwo\r\n"three" \u2028' };
    const [[, , , bodies] = []] = eventBatchesOf([eventOf('1', { body }), eventOf('2')]);
    expect(bodies?.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([body, { id: '2' }]);
  });

  it('says of an event what a message says, to the millisecond', () => {
    const [[, , heads] = []] = eventBatchesOf([eventOf('1', { traceparent: 'trace' }), eventOf('2')]);
    const { subject, type } = eventOf('');
    const time = '2026-01-12T10:00:00.123Z';
    expect(JSON.parse(heads ?? '')).toEqual([
      { id: '1', subject, type, time, traceparent: 'trace' },
      { id: '2', subject, type, time },
    ]);
  });

  it('refuses what has no time, before it is in the way of a relay', () => {
    expect(() => eventBatchesOf([eventOf('1', { time: 'soon' })])).toThrow(RangeError);
  });
});

it('a table has a plain name', () => {
  expect(() => eventBatchTableSql('a; drop table b')).toThrow(RangeError);
});
