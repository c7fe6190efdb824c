import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { filters } from '@portico/contracts';
import { WorkerLoop } from '@portico/service-kit';
import { errorForLog } from './error-for-log.js';
import type { Log } from './log.js';
import { sqlName, type Sql } from './sql.js';
import type { StateTable } from './state-relay-source.js';

/** Subjects that a tenant left, until nothing is in them; for the service's migration. */
export const subjectMoveTableSql = (): string => `
  create table subject_move (
    tenant text not null,
    pool text not null,
    purged_at timestamptz,
    primary key (tenant, pool)
  )`;

/** In the transaction that moves a tenant's rows: what is under the old subjects is to go once they are published. */
export const recordSubjectMove = async (sql: Sql, tenant: string, from: string, to: string): Promise<void> => {
  await sql('delete from subject_move where tenant = $1 and pool = $2', [tenant, to]);
  if (from === '' || from === to) return;
  await sql(
    `insert into subject_move (tenant, pool) values ($1, $2)
     on conflict (tenant, pool) do update set purged_at = null`,
    [tenant, from],
  );
};

export interface SubjectPurgeOptions {
  readonly connection: NatsConnection;
  readonly stream: string;
  readonly table: Pick<StateTable, 'table'> & { readonly subjectKind: 'employee' | 'access' };
  readonly transaction: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>;
  /** How often it looks; 2,000 unless told. */
  readonly pollMs?: number;
  readonly logger: Log;
}

/** A relay that stalled may still publish under an old subject for so long. */
const AGAIN_AFTER = '1 minute';

interface Move {
  readonly tenant: string;
  readonly pool: string;
  readonly isAgain: boolean;
}

/**
 * Ends moves between pools: purges the old subjects once every row is published under the new ones, and once more a
 * minute later. What a crash breaks off is done by whoever looks next.
 */
export class SubjectPurge {
  private readonly loop: WorkerLoop;
  private manager: Promise<JetStreamManager> | undefined;

  constructor(private readonly options: SubjectPurgeOptions) {
    const { stream, logger, pollMs = 2_000 } = options;
    this.loop = new WorkerLoop({
      work: () => this.purgeOnce(),
      restMs: pollMs,
      onError: (error) => logger.error({ stream, err: errorForLog(error) }, NOT_PURGED),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Resolves when what is in hand has ended. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** One move, if one may be ended; answers whether there was. */
  purgeOnce(): Promise<boolean> {
    const { transaction, table, stream } = this.options;
    return transaction(async (sql) => {
      // Held while it purges: a move back to this pool waits.
      const [move] = await sql<Move>(
        `select tenant, pool, purged_at is not null as "isAgain" from subject_move
         where (purged_at is null or purged_at < clock_timestamp() - interval '${AGAIN_AFTER}')
           and not exists (
             select from ${sqlName(table.table)} as state
             where state.tenant = subject_move.tenant and revision > published_revision
           )
         order by tenant, pool limit 1 for update skip locked`,
      );
      if (move === undefined) return false;
      const jsm = await this.connect();
      await jsm.streams.purge(stream, { filter: filters.poolTenant(table.subjectKind, move.pool, move.tenant) });
      await sql(move.isAgain ? END_MOVE : NOTE_PURGE, [move.tenant, move.pool]);
      return true;
    });
  }

  private connect(): Promise<JetStreamManager> {
    this.manager ??= jetstreamManager(this.options.connection, { checkAPI: false });
    return this.manager;
  }
}

const NOT_PURGED = 'subjects of a pool that was left could not be purged; trying again';
const NOTE_PURGE = 'update subject_move set purged_at = clock_timestamp() where tenant = $1 and pool = $2';
const END_MOVE = 'delete from subject_move where tenant = $1 and pool = $2';
