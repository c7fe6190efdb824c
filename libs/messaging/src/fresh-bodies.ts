/** What was just written and committed: the body of a row's revision. */
export interface FreshBody {
  readonly tenant: string;
  readonly key: string;
  readonly revision: number;
  /** JSON. */
  readonly body: string;
}

const MOST_CHARACTERS = 32 * 1024 * 1024;
/** Whatever is not asked for by then is published by another process. */
const KEPT_MS = 60_000;

const nameOf = (tenant: string, key: string): string => `${tenant}/${key}`;

/**
 * Bodies of rows that this process has just written, so that its relay need not read them back: they are most of what
 * there is to read. Nothing depends on it: what is not here is in the database. Where there is no room for more, those
 * stay that were first, as they are also published first.
 */
export class FreshBodies {
  private readonly kept = new Map<string, FreshBody & { readonly until: number }>();
  private characters = 0;

  constructor(
    private readonly mostCharacters = MOST_CHARACTERS,
    private readonly now = () => performance.now(),
  ) {}

  get isEmpty(): boolean {
    return this.kept.size === 0;
  }

  /** For how many characters there is room: more need not be held until they are committed. */
  get room(): number {
    this.forget(this.now());
    return this.mostCharacters - this.characters;
  }

  /** Only once the rows are committed: a revision that was rolled back may be given again, to something else. */
  keep(bodies: readonly FreshBody[]): void {
    const now = this.now();
    this.forget(now);
    for (const fresh of bodies) {
      const name = nameOf(fresh.tenant, fresh.key);
      this.remove(name);
      if (this.characters + fresh.body.length > this.mostCharacters) continue;
      this.kept.set(name, { ...fresh, until: now + KEPT_MS });
      this.characters += fresh.body.length;
    }
  }

  /** The body of exactly this revision, once. */
  take(tenant: string, key: string, revision: number): string | undefined {
    const name = nameOf(tenant, key);
    const fresh = this.kept.get(name);
    this.remove(name);
    return fresh?.revision === revision ? fresh.body : undefined;
  }

  /** Those kept first are first in the map. */
  private forget(now: number): void {
    for (const [name, { until }] of this.kept) {
      if (until > now) break;
      this.remove(name);
    }
  }

  private remove(name: string): void {
    this.characters -= this.kept.get(name)?.body.length ?? 0;
    this.kept.delete(name);
  }
}
