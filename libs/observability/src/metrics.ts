import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type CounterConfiguration,
  type GaugeConfiguration,
  type HistogramConfiguration,
} from 'prom-client';

export type { Counter, Gauge, Histogram } from 'prom-client';

type Shape<Configuration> = Omit<Configuration, 'name' | 'help' | 'labelNames' | 'registers'>;

/**
 * The metrics of one process, in Prometheus' text format. Asking for a metric that exists gives the existing one,
 * so each part names its metrics where it uses them. Names are Kubernetes' where it has one.
 */
export class Metrics {
  readonly registry = new Registry();

  counter<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    shape?: Shape<CounterConfiguration<L>>,
  ): Counter<L> {
    return this.once(name, () => new Counter({ ...shape, name, help, labelNames, registers: [this.registry] }));
  }

  gauge<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    shape?: Shape<GaugeConfiguration<L>>,
  ): Gauge<L> {
    return this.once(name, () => new Gauge({ ...shape, name, help, labelNames, registers: [this.registry] }));
  }

  histogram<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    shape?: Shape<HistogramConfiguration<L>>,
  ): Histogram<L> {
    return this.once(name, () => new Histogram({ ...shape, name, help, labelNames, registers: [this.registry] }));
  }

  /** Adds memory, CPU, event loop and garbage collection of this process. */
  watchProcess(): this {
    collectDefaultMetrics({ register: this.registry });
    return this;
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private once<M>(name: string, create: () => M): M {
    return (this.registry.getSingleMetric(name) as M | undefined) ?? create();
  }
}

/** Bucket bounds in seconds, `count` of them from `first`, each `factor` times the one before. */
export function exponentialBuckets(first: number, factor: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number((first * factor ** i).toPrecision(6)));
}
