import { exponentialBuckets, type Histogram, type Metrics } from '@gantry/observability';
import type { ContainerStats, Runtime } from '@gantry/runtime';
import { label } from '../pods/identity';

const LABELS = ['namespace', 'pod', 'container', 'id'] as const;
type Labels = Record<(typeof LABELS)[number], string>;

/** What the node's monitoring shows: kubelet's and cAdvisor's metrics, read from the runtime when somebody asks. */
export class AgentMetrics {
  readonly podStart: Histogram;
  readonly podStep: Histogram<'step' | 'result'>;

  constructor(metrics: Metrics, runtime: Runtime, pods: () => number) {
    this.podStart = metrics.histogram(
      'kubelet_pod_start_duration_seconds',
      'Seconds from the node first seeing a pod to the pod running',
      [],
      { buckets: exponentialBuckets(0.01, 2, 14) },
    );
    this.podStep = metrics.histogram(
      'gantry_pod_step_duration_seconds',
      'Seconds a step of a pod took, by what it does',
      ['step', 'result'],
      { buckets: exponentialBuckets(0.001, 2, 16) },
    );
    metrics.gauge('kubelet_running_pods', 'Pods that have a running sandbox on the node', [], {
      collect() {
        this.set(pods());
      },
    });
    metrics.gauge('kubelet_running_containers', 'Containers on the node by their state', ['container_state'], {
      async collect() {
        this.reset();
        for (const { phase } of await runtime.containers.list()) this.inc({ container_state: phase });
      },
    });
    containerMetrics(metrics, runtime);
  }
}

/** One reading of all containers serves all of their metrics. */
function containerMetrics(metrics: Metrics, runtime: Runtime): void {
  const gauges: [name: string, help: string, value: (stats: ContainerStats) => number | undefined][] = [
    ['container_cpu_usage_seconds_total', 'CPU seconds used', (stats) => stats.cpuNanoseconds / 1e9],
    ['container_memory_working_set_bytes', 'Memory without reclaimable cache', (stats) => stats.memoryWorkingSetBytes],
    ['container_memory_usage_bytes', 'Memory with cache', (stats) => stats.memoryBytes],
    ['container_spec_memory_limit_bytes', 'Memory limit', (stats) => stats.memoryLimitBytes],
    ['container_processes', 'Processes and threads', (stats) => stats.pids],
    [
      'container_cpu_cfs_throttled_periods_total',
      'Periods in which CPU was throttled',
      (stats) => stats.throttledPeriods,
    ],
    ['container_cpu_cfs_periods_total', 'Periods in which CPU was limited', (stats) => stats.periods],
  ];
  const others = gauges.slice(1).map(([name, help, value]) => ({ gauge: metrics.gauge(name, help, LABELS), value }));
  const [firstName, firstHelp, firstValue] = gauges[0]!;
  metrics.gauge(firstName, firstHelp, LABELS, {
    // prom-client asks each metric in turn, this one first: it fills the others on the way.
    async collect() {
      const all = [{ gauge: this, value: firstValue }, ...others];
      for (const { gauge } of all) gauge.reset();
      for (const [labels, stats] of await readAll(runtime)) {
        for (const { gauge, value } of all) {
          const reading = value(stats);
          if (reading !== undefined) gauge.set(labels, reading);
        }
      }
    },
  });
}

async function readAll(runtime: Runtime): Promise<[Labels, ContainerStats][]> {
  const running = (await runtime.containers.list()).filter(({ phase }) => phase === 'running');
  const readings = await Promise.all(
    running.map(async ({ id, labels }): Promise<[Labels, ContainerStats] | undefined> => {
      // It may end between being listed and being read.
      const stats = await runtime.containers.stats(id).catch(() => undefined);
      const { podNamespace, podName, containerName } = label;
      const names = {
        namespace: labels[podNamespace] ?? '',
        pod: labels[podName] ?? '',
        container: labels[containerName] ?? '',
      };
      return stats && [{ ...names, id }, stats];
    }),
  );
  return readings.filter((reading) => reading !== undefined);
}
