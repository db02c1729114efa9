import type { Clock, Closeable } from '@gantry/base';
import type { Container, Pod } from '@gantry/api';
import { noProbes, type ObservedContainer, type ProbeVerdicts } from '../observed';
import type { PodEvents } from '../pod-events';
import { ContainerProber } from './container-prober';
import type { ProbeCheck } from './probe-checks';

/** The probers of one pod's running containers, by container id. */
export class PodProbers implements Closeable {
  private readonly probers = new Map<string, ContainerProber>();

  constructor(
    private readonly services: { check: ProbeCheck; clock: Clock; events: PodEvents },
    private readonly onChange: () => void,
  ) {}

  /** What is known of an instance; begins probing one that runs. */
  verdicts(pod: Pod, container: Container, instance: ObservedContainer, podIp: string | undefined): ProbeVerdicts {
    const known = this.probers.get(instance.id);
    if (known) return known.verdicts;
    if (!ContainerProber.probes(container)) return noProbes;
    if (podIp === undefined) return unasked(container, adoptedVerdicts(pod, instance));
    const prober = this.begin(pod, container, instance, podIp);
    this.probers.set(instance.id, prober);
    return prober.verdicts;
  }

  /** Ends the probing of all instances but these. */
  retain(ids: ReadonlySet<string>): void {
    for (const [id, prober] of this.probers) {
      if (ids.has(id)) continue;
      prober.close();
      this.probers.delete(id);
    }
  }

  close(): void {
    this.retain(new Set());
  }

  private begin(pod: Pod, container: Container, instance: ObservedContainer, podIp: string): ContainerProber {
    const { check, clock, events } = this.services;
    return new ContainerProber({
      target: { container, containerId: instance.id, podIp },
      startedAt: instance.startedAt!,
      adopted: adoptedVerdicts(pod, instance),
      check,
      clock,
      onChange: this.onChange,
      onFailure: (kind, output) => {
        events.warning(pod, container, 'Unhealthy', `${kind} probe failed: ${output}`);
      },
    });
  }
}

/** What the API was last told of exactly this instance. */
function adoptedVerdicts(pod: Pod, { id }: ObservedContainer): Pick<ProbeVerdicts, 'started' | 'ready'> | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  const status = statuses.find(({ containerID, state }) => containerID === `gantry://${id}` && state?.running);
  return status && { started: status.started ?? true, ready: status.ready };
}

function unasked(container: Container, adopted?: Pick<ProbeVerdicts, 'started' | 'ready'>): ProbeVerdicts {
  const { startupProbe, readinessProbe } = container;
  return { started: startupProbe === undefined, ready: readinessProbe === undefined, ...adopted, alive: true };
}
