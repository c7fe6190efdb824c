import type { Random } from './random.js';

export const FAULT_KINDS = [
  'latency',
  'error',
  'drop-before',
  'drop-after',
  'throttle',
  'forbid',
  'short-read',
  'empty-read',
  'hide-field',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Something that goes wrong until it is switched off, or until `count` calls had it. */
export interface FaultSpec {
  /** `bamboohr`, the name of a portal, or `*` for all. */
  readonly target: string;
  readonly kind: FaultKind;
  /** Share of the calls that have it, 0 to 1; by default 1. */
  readonly rate?: number;
  readonly count?: number;
  /** Only calls of this method. */
  readonly method?: string;
  /** Only calls whose path contains this. */
  readonly path?: string;
  /** latency: by default 500. */
  readonly ms?: number;
  /** error: by default 500. throttle: by default 429. forbid: by default 403 of BambooHR, 401 of LearnUpon. */
  readonly status?: number;
  /** throttle: seconds, an HTTP date, or no header; by default `seconds`. */
  readonly retryAfter?: 'seconds' | 'date' | 'none';
  /** throttle: what Retry-After says; by default 2. */
  readonly retryAfterSeconds?: number;
  /** short-read: share of the rows that stay; by default 0.5. */
  readonly keep?: number;
  /** hide-field: BambooHR's alias. */
  readonly field?: string;
}

export interface Fault extends FaultSpec {
  readonly id: number;
  left: number;
}

/** What happens to one call. */
export interface Trouble {
  readonly delayMs: number;
  readonly error?: FaultSpec;
  readonly throttle?: FaultSpec;
  /** The key has lost its rights. */
  readonly forbid?: FaultSpec;
  readonly drop?: 'before' | 'after';
  /** Share of the rows of a list that the answer keeps. */
  readonly keep: number;
  readonly hiddenFields: readonly string[];
}

const NO_TROUBLE: Trouble = { delayMs: 0, keep: 1, hiddenFields: [] };

export class Faults {
  private readonly active = new Map<number, Fault>();
  private nextId = 1;

  constructor(private readonly random: Random) {}

  list(): Fault[] {
    return [...this.active.values()];
  }

  add(spec: FaultSpec): Fault {
    const fault = { ...spec, id: this.nextId, left: spec.count ?? Number.POSITIVE_INFINITY };
    this.nextId += 1;
    this.active.set(fault.id, fault);
    return fault;
  }

  remove(id: number): boolean {
    return this.active.delete(id);
  }

  clear(): void {
    this.active.clear();
  }

  /** What goes wrong with this call; counts it against each fault that strikes. */
  strike(target: string, method: string, path: string): Trouble {
    if (this.active.size === 0) return NO_TROUBLE;
    const struck = this.list().filter((fault) => this.hits(fault, target, method, path));
    for (const fault of struck) {
      fault.left -= 1;
      if (fault.left <= 0) this.active.delete(fault.id);
    }
    return struck.reduce(worsen, NO_TROUBLE);
  }

  private hits(fault: Fault, target: string, method: string, path: string): boolean {
    if (fault.target !== '*' && fault.target !== target) return false;
    if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
    if (fault.path !== undefined && !path.includes(fault.path)) return false;
    return fault.rate === undefined || this.random.chance(fault.rate);
  }
}

const worsen = (trouble: Trouble, fault: Fault): Trouble => {
  switch (fault.kind) {
    case 'latency':
      return { ...trouble, delayMs: trouble.delayMs + (fault.ms ?? 500) };
    case 'error':
      return { ...trouble, error: fault };
    case 'throttle':
      return { ...trouble, throttle: fault };
    case 'forbid':
      return { ...trouble, forbid: fault };
    case 'drop-before':
      return { ...trouble, drop: 'before' };
    case 'drop-after':
      return { ...trouble, drop: trouble.drop ?? 'after' };
    case 'short-read':
      return { ...trouble, keep: Math.min(trouble.keep, fault.keep ?? 0.5) };
    case 'empty-read':
      return { ...trouble, keep: 0 };
    case 'hide-field':
      return { ...trouble, hiddenFields: [...trouble.hiddenFields, fault.field ?? ''] };
  }
};

/** The rows that a short read leaves. */
export const keepRows = <Row>(rows: readonly Row[], { keep }: Trouble): readonly Row[] =>
  keep === 1 ? rows : rows.slice(0, Math.floor(rows.length * keep));
