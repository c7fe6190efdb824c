import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { STREAMS, subjects } from '@portico/contracts';
import { eventually } from '@portico/testing';
import { describeTopology, migrateTopology } from '../src/index.js';
import { deadLetters, listeningLog, publish, publishEmployees, range, sampleEmployee } from './support.js';
import { DURABLE, idsOf, openTransportBench, type TransportBench } from './transport-bench.js';

let bench: TransportBench;
let connection: NatsConnection;
let consume: TransportBench['consume'];
let allSettled: TransportBench['allSettled'];
beforeEach(async () => {
  bench = await openTransportBench();
  ({ connection, consume, allSettled } = bench);
});
afterEach(() => bench.close());

describe('a poisonous message', () => {
  it('that is no contract becomes a dead letter at once and holds nobody up', async () => {
    const subject = subjects.employee('shared', 'acme', '666');
    await publish(connection, subject, { ...sampleEmployee, revision: 'ada@acme.example' });
    await publishEmployees(connection, range(5));
    const seen: string[] = [];
    await consume(connection, (batch) => void seen.push(...idsOf(batch)));
    await allSettled();
    expect(seen.sort()).toEqual(range(5));
    const [letter] = await deadLetters(connection);
    expect(letter).toMatchObject({ stream: STREAMS.employees, consumer: DURABLE, subject, sequence: 1, deliveries: 1 });
    expect(letter?.error).toContain('InvalidContractError: EmployeeChangedV1: revision');
    expect(JSON.stringify(letter)).not.toContain('ada@');
  });

  it('that is no JSON becomes a dead letter that quotes none of it', async () => {
    connection.publish(subjects.employee('shared', 'acme', '1'), 'ada@acme.example');
    await consume(connection, () => undefined);
    await allSettled();
    expect(await deadLetters(connection)).toMatchObject([{ error: 'SyntaxError: the body is not JSON' }]);
  });

  it('that makes every handler throw is found alone, given up in the end, and drags nobody with it', async () => {
    await publishEmployees(connection, range(50));
    const log = listeningLog();
    const handled = new Set<string>();
    await consume(
      connection,
      (batch) => {
        if (idsOf(batch).includes('13')) throw new RangeError('ada@acme.example is not welcome');
        for (const id of idsOf(batch)) handled.add(id);
      },
      { maxDeliver: 4, logger: log },
    );
    await allSettled();
    expect(handled.size).toBe(49);
    const letters = await deadLetters(connection);
    expect(letters).toMatchObject([
      { subject: subjects.employee('shared', 'acme', '13'), deliveries: 4, error: 'RangeError' },
    ]);
  });

  it('that kills its worker each time is given up without another try', async () => {
    await publishEmployees(connection, ['1']);
    const jsm = await jetstreamManager(connection);
    const consumer = await jsm.jetstream().consumers.get(STREAMS.employees, DURABLE);
    for (const _ of range(2)) (await consumer.next())?.nak();
    let calls = 0;
    await consume(connection, () => void (calls += 1), { maxDeliver: 2 });
    await allSettled();
    expect(calls).toBe(0);
    expect(await deadLetters(connection)).toMatchObject([
      { deliveries: 3, error: 'the worker was lost with it at every delivery' },
    ]);
  });

  it('comes again for as long as its dead letter cannot be stored', async () => {
    const jsm = await jetstreamManager(connection);
    await jsm.streams.delete(STREAMS.dead);
    await publish(connection, subjects.employee('shared', 'acme', '1'), {});
    const log = listeningLog();
    await consume(connection, () => undefined, { logger: log });
    await eventually('the failure to be told twice', async () => {
      return log.lines.filter((line) => line.startsWith('a dead letter could not be stored')).length > 1;
    });
    await migrateTopology(connection, describeTopology({ pools: ['shared'], ackWaitMs: 1_000 }));
    await allSettled();
    expect(await deadLetters(connection)).toHaveLength(1);
  });
});
