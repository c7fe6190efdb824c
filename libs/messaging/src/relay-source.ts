import type { CloudEventAttributes } from '@portico/contracts';

/** A row that waits to be published. */
export interface RelayRow {
  readonly subject: string;
  /** JSON. */
  readonly body: string;
  readonly event: CloudEventAttributes;
  /** For state: the sequence of the subject's last message as far as this database knows, 0 for none. */
  readonly expectedSequence?: number;
  /** What marks the row; the source's own. */
  readonly key: readonly string[];
  /** Why it can't be published at all; others go on. */
  readonly fault?: Error;
}

export interface PublishedRow {
  readonly row: RelayRow;
  /** In the stream. */
  readonly sequence: number;
}

/** Where a relay gets its rows from. */
export interface RelaySource {
  /** Pools that have rows waiting; one nameless pool where rows have none. */
  pools(): Promise<readonly (string | undefined)[]>;
  /**
   * Live rows before bulk rows, tenants in turn, each tenant's oldest first. Fewer than `limit` only where no more wait;
   * what can't be read apart comes together, even if it is more.
   */
  waiting(pool: string | undefined, limit: number): Promise<readonly RelayRow[]>;
  /** Never marks backward: a row that changed meanwhile waits on. */
  mark(published: readonly PublishedRow[]): Promise<void>;
}
