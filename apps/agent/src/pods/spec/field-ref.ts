import { milliValue } from '@gantry/api';
import type { Container, ObjectFieldSelector, Pod, ResourceFieldSelector } from '@gantry/api';

/** What of the node a pod may ask for. */
export interface NodeFacts {
  name: string;
  ip: string;
  /** What limits fall back to: cores and bytes that pods may use. */
  allocatable: Readonly<Record<string, string>>;
}

/** The pod as the downward API sees it, with what only the node knows. */
export interface PodFacts {
  pod: Pod;
  node: NodeFacts;
  /** Known once the pod is on the network. */
  podIps?: string[];
}

/** The value of a field the downward API offers; throws for one it does not. */
export function fieldValue({ fieldPath }: ObjectFieldSelector, facts: PodFacts): string {
  const { metadata, spec } = facts.pod;
  const member = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
  if (member) return metadata[member[1] as 'labels' | 'annotations']?.[member[2]!] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace;
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return keyedLines(metadata.labels);
    case 'metadata.annotations':
      return keyedLines(metadata.annotations);
    case 'spec.nodeName':
      return facts.node.name;
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return facts.node.ip;
    case 'status.podIP':
      return facts.podIps?.[0] ?? '';
    case 'status.podIPs':
      return (facts.podIps ?? []).join(',');
    default:
      throw new Error(`unsupported fieldPath: ${fieldPath}`);
  }
}

/** A container's request or limit in units of the divisor, rounded up; the node's share where there is no limit. */
export function resourceValue(selector: ResourceFieldSelector, containers: Container[], node: NodeFacts): string {
  const [list, resource] = selector.resource.split(/\.(.*)/s) as ['limits' | 'requests', string];
  const container = containers.find(({ name }) => name === selector.containerName);
  if (!container) throw new Error(`container ${selector.containerName} not found`);
  const fallback = list === 'limits' ? node.allocatable[resource] : undefined;
  const text = container.resources?.[list]?.[resource] ?? fallback ?? '0';
  const divisor = milliValue(selector.divisor) || 1000;
  return String(Math.ceil(milliValue(text) / divisor));
}

/** One `key="value"` a line, sorted by key: the form of labels and annotations in a file. */
function keyedLines(map: Record<string, string> | undefined): string {
  const keys = Object.keys(map ?? {}).sort();
  return keys.map((key) => `${key}=${JSON.stringify(map![key])}`).join('\n');
}
