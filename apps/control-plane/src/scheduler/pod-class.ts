import { milliValue, unitValue, type Pod } from '@gantry/api';

type PodSpec = Pod['spec'];
export type Toleration = NonNullable<PodSpec['tolerations']>[number];

/** Amounts by resource name: `cpu` in thousandths of a core, all others in their own unit (bytes, pieces). */
export type Requests = ReadonlyMap<string, number>;

/**
 * All that decides where a pod may run, the same for every pod of a ReplicaSet. Pods of one class share one evaluation
 * of the nodes, so the thousandth replica costs almost nothing.
 */
export interface PodClass {
  /** Equal for pods that the scheduler cannot tell apart. */
  key: string;
  requests: Requests;
  /** `protocol/hostIP/port` */
  hostPorts: readonly string[];
  nodeName?: string;
  nodeSelector: Readonly<Record<string, string>>;
  affinity: NonNullable<PodSpec['affinity']>['nodeAffinity'];
  tolerations: readonly Toleration[];
  /** Pods of one group are kept apart: the controller that owns them. */
  group: string;
}

export function podClass(pod: Pod): PodClass {
  const { spec, metadata } = pod;
  const owner = metadata.ownerReferences?.find((reference) => reference.controller);
  const facts = {
    requests: [...podRequests(spec)].sort(([a], [b]) => (a < b ? -1 : 1)),
    hostPorts: hostPorts(spec),
    nodeName: spec.nodeName,
    nodeSelector: spec.nodeSelector ?? {},
    affinity: spec.affinity?.nodeAffinity,
    tolerations: spec.tolerations ?? [],
    group: owner?.uid ?? metadata.uid ?? '',
  };
  return { ...facts, requests: new Map(facts.requests), key: JSON.stringify(facts) };
}

/**
 * What a pod asks of its node: the sum over its containers, or more if an init container needs more by itself;
 * sidecars (restartable init containers) count with whatever starts after them (KEP-753). One of `pods` is always asked.
 */
export function podRequests(spec: PodSpec): Map<string, number> {
  const running = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const container of spec.initContainers ?? []) {
    const own = containerRequests(container);
    if (container.restartPolicy === 'Always') {
      addInto(running, own);
      raiseTo(peak, running);
    } else {
      const together = new Map(running);
      addInto(together, own);
      raiseTo(peak, together);
    }
  }
  for (const container of spec.containers) addInto(running, containerRequests(container));
  raiseTo(running, peak);
  addInto(running, amounts(spec.overhead));
  running.set('pods', 1);
  return running;
}

function containerRequests(container: PodSpec['containers'][number]): Map<string, number> {
  return amounts({ ...container.resources?.limits, ...container.resources?.requests });
}

/** Amounts of a resource list as numbers, see {@link Requests}. */
export function amounts(list: Readonly<Record<string, string>> | undefined): Map<string, number> {
  const result = new Map<string, number>();
  for (const [name, text] of Object.entries(list ?? {})) {
    result.set(name, name === 'cpu' ? milliValue(text) : unitValue(text));
  }
  return result;
}

function addInto(sum: Map<string, number>, added: Requests): void {
  for (const [name, amount] of added) sum.set(name, (sum.get(name) ?? 0) + amount);
}

function raiseTo(level: Map<string, number>, other: Requests): void {
  for (const [name, amount] of other) level.set(name, Math.max(level.get(name) ?? 0, amount));
}

function hostPorts(spec: PodSpec): string[] {
  const ports: string[] = [];
  for (const container of spec.containers) {
    for (const port of container.ports ?? []) {
      const hostPort = port.hostPort ?? (spec.hostNetwork ? port.containerPort : undefined);
      if (hostPort) ports.push(`${port.protocol ?? 'TCP'}/${port.hostIP ?? '0.0.0.0'}/${hostPort}`);
    }
  }
  return ports;
}
