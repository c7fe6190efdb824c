import { setTimeout as delay } from 'node:timers/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const REFRESH_TIMEOUT_MS = 2_000;

/** From half a millisecond to a minute, in seconds. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * The metrics of one app, in a registry of its own. A name is written without `portico_`; asking for it again gives
 * the same metric. Labels hold tenants, portals and codes, never people.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly toRefresh: (() => Promise<void>)[] = [];

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string = string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return this.once(name, (full) => new Counter({ name: full, help, labelNames, registers: [this.registry] }));
  }

  gauge<L extends string = string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return this.once(name, (full) => new Gauge({ name: full, help, labelNames, registers: [this.registry] }));
  }

  /** Of durations in seconds, unless other buckets are given. */
  histogram<L extends string = string>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets: readonly number[] = DURATION_BUCKETS,
  ): Histogram<L> {
    return this.once(
      name,
      (full) => new Histogram({ name: full, help, labelNames, buckets: [...buckets], registers: [this.registry] }),
    );
  }

  /** Sets gauges of what is asked of a server; at each scrape, and given up after two seconds. */
  beforeScrape(refresh: () => Promise<void>): void {
    this.toRefresh.push(refresh);
  }

  /** What a scrape gets. A gauge whose server does not answer keeps its last value, and is counted. */
  async text(): Promise<string> {
    const failed = this.counter('metrics_stale_total', 'Refreshes of gauges that failed at a scrape.');
    const refresh = async (one: () => Promise<void>) => {
      const late = delay(REFRESH_TIMEOUT_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('late')));
      await Promise.race([one(), late]).catch(() => failed.inc());
    };
    await Promise.all(this.toRefresh.map(refresh));
    return this.registry.metrics();
  }

  private once<M>(name: string, make: (fullName: string) => M): M {
    const fullName = `portico_${name}`;
    return (this.registry.getSingleMetric(fullName) as M | undefined) ?? make(fullName);
  }
}
