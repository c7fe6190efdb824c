import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From half a millisecond to a minute, in seconds. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * The metrics of one app, in a registry of its own. A name is written without `portico_`; asking for it again gives
 * the same metric. Labels hold tenants, portals and codes, never people.
 */
export class Metrics {
  readonly registry = new Registry();

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

  private once<M>(name: string, make: (fullName: string) => M): M {
    const fullName = `portico_${name}`;
    return (this.registry.getSingleMetric(fullName) as M | undefined) ?? make(fullName);
  }
}
