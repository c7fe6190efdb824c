import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EmployeeChangedV1, parseContract, STREAMS, subjects } from '@portico/contracts';
import { testDatabase, testNats, type TestDatabase, type TestNats } from '@portico/testing';
import fc from 'fast-check';
import {
  connectNats,
  describeTopology,
  migrateTopology,
  Relay,
  stateRelaySource,
  type PublishedRow,
} from '../src/index.js';
import { AckedPublisher } from '../src/acked-publisher.js';
import { publishRow, type Publisher } from '../src/publish-row.js';
import type { RelayRow, RelaySource } from '../src/relay-source.js';
import { makeTables, openSql, silent, writeEmployees, type TestSql } from './support.js';

let nats: TestNats;
let database: TestDatabase;
let connection: NatsConnection;
let db: TestSql;
let publisher: Publisher;
let source: RelaySource;

beforeAll(async () => {
  [nats, database] = await Promise.all([testNats(), testDatabase()]);
  connection = await connectNats({ url: nats.url, name: 'test' });
  db = openSql(database.url);
  await migrateTopology(connection, describeTopology({ pools: ['shared'] }));
  await makeTables(db);
  const jsm = await jetstreamManager(connection);
  publisher = { acked: new AckedPublisher(connection, 5_000), jsm, stream: STREAMS.employees };
  source = stateRelaySource(db.sql, {
    table: 'employee',
    keyColumn: 'employee_id',
    subjectKind: 'employee',
    sourceName: 'test',
  });
});

afterAll(async () => {
  await connection.close();
  await db.close();
  await Promise.all([nats.close(), database.close()]);
});

const RELAYS = ['A', 'B', 'C'] as const;
type RelayName = (typeof RELAYS)[number];
const IDS = ['1', '2', '3'];

/** What can happen next, to one of three relays that know nothing of each other, or to a row. */
type Step =
  | { readonly kind: 'write'; readonly id: string }
  | { readonly kind: 'read' | 'mark' | 'crash'; readonly relay: RelayName }
  | { readonly kind: 'publish'; readonly relay: RelayName; readonly rows: number; readonly isAckLost: boolean }
  | { readonly kind: 'republish together'; readonly relays: readonly RelayName[] };

const relay = fc.constantFrom(...RELAYS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), id: fc.constantFrom(...IDS) }),
  fc.record({ kind: fc.constantFrom('read' as const, 'mark' as const, 'crash' as const), relay }),
  fc.record({
    kind: fc.constant('publish' as const),
    relay,
    rows: fc.integer({ min: 1, max: 3 }),
    isAckLost: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('republish together' as const),
    relays: fc.shuffledSubarray([...RELAYS], { minLength: 2 }),
  }),
);

/** A tenant of its own for each run, so that runs don't touch each other. */
class World {
  private revision = 0;
  private readonly read: Record<RelayName, RelayRow[]> = { A: [], B: [], C: [] };
  private readonly done: Record<RelayName, PublishedRow[]> = { A: [], B: [], C: [] };

  constructor(readonly tenant: string) {}

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'write':
        this.revision += 1;
        return writeEmployees(db, [{ id: step.id, tenant: this.tenant, revision: this.revision }]);
      case 'read':
        this.read[step.relay] = (await source.waiting('shared', 100)).filter(({ key }) => key[0] === this.tenant);
        return;
      case 'publish':
        return this.publish(step.relay, step.rows, step.isAckLost);
      case 'mark':
        if (this.done[step.relay].length > 0) await source.mark(this.done[step.relay].splice(0));
        return;
      case 'crash':
        this.read[step.relay] = [];
        this.done[step.relay] = [];
        return;
      case 'republish together':
        await Promise.all(step.relays.map((name) => this.publish(name, 3, false)));
    }
  }

  private async publish(name: RelayName, rows: number, isAckLost: boolean): Promise<void> {
    const published = await Promise.all(this.read[name].splice(0, rows).map((row) => publishRow(publisher, row)));
    if (!isAckLost) this.done[name].push(...published);
  }

  /** The revision of the last message of each subject that has one. */
  async inStream(): Promise<Record<string, number>> {
    const last: Record<string, number> = {};
    for (const id of IDS) {
      const subject = subjects.employee('shared', this.tenant, id);
      const message = await publisher.jsm.direct.getMessage(STREAMS.employees, { last_by_subj: subject });
      if (message) last[id] = parseContract(EmployeeChangedV1, message.json()).revision;
    }
    return last;
  }

  async inDatabase(): Promise<Record<string, number>> {
    const rows = await db.sql<{ id: string; revision: number; published: number }>(
      `select employee_id as id, revision::float8 as revision, published_revision::float8 as published
       from employee where tenant = $1`,
      [this.tenant],
    );
    for (const { revision, published } of rows) expect(published).toBeLessThanOrEqual(revision);
    return Object.fromEntries(rows.map(({ id, revision }) => [id, revision]));
  }
}

let runs = 0;

it('whatever relays do, no subject goes back to an older revision, and all end at the newest', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      runs += 1;
      const world = new World(`tenant-${runs}`);
      let before: Record<string, number> = {};
      for (const each of steps) {
        await world.take(each);
        const now = await world.inStream();
        for (const [id, revision] of Object.entries(before)) expect(now[id]).toBeGreaterThanOrEqual(revision);
        before = now;
      }
      await new Relay({ connection, source, stream: STREAMS.employees, logger: silent }).drainOnce();
      expect(await world.inStream()).toEqual(await world.inDatabase());
    }),
    { numRuns: 150 },
  );
});
