import type { MikroORM } from '@mikro-orm/postgresql';
import type { HeldView, HoldKey } from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { digestOf, heldViews } from './held-set.js';
import { loadHeldBy } from './persistence/holds.js';

const REUSE_MS = 5_000;

/** Everybody who is held by one hold, with the digest of them all. */
export interface HeldSet {
  readonly held: readonly HeldView[];
  readonly digest: string;
}

interface Made {
  readonly key: string;
  readonly set: Promise<HeldSet>;
}

/**
 * Each page is one of the whole set, and whoever looks wants all pages, one after another: the set that was made last is
 * shown again for a moment. An approval never asks here.
 */
export class HeldSetCache {
  private last: Made | undefined;

  constructor(
    private readonly orm: MikroORM,
    private readonly reuseMs = REUSE_MS,
  ) {}

  of(tenant: string, { portal, causeId }: HoldKey, today: string): Promise<HeldSet> {
    const key = JSON.stringify([tenant, portal, causeId, today]);
    return this.last?.key === key ? this.last.set : this.make(key, tenant, { portal, causeId }, today);
  }

  /** Whoever looks next sees what there is by then. */
  forget(): void {
    this.last = undefined;
  }

  private make(key: string, tenant: string, hold: HoldKey, today: string): Promise<HeldSet> {
    const made: Made = { key, set: this.load(tenant, hold, today) };
    this.last = made;
    const end = () => {
      if (this.last === made) this.forget();
    };
    setTimeout(end, this.reuseMs).unref();
    made.set.catch(end);
    return made.set;
  }

  private async load(tenant: string, hold: HoldKey, today: string): Promise<HeldSet> {
    const held = heldViews(await loadHeldBy(sqlOf(this.orm.em.fork()), tenant, hold), today);
    return { held, digest: digestOf(held) };
  }
}
