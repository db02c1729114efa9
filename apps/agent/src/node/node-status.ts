import type { ContainerImage, NodeCondition, NodeStatus, NodeSystemInfo } from '@gantry/api';
import { timestamp } from '../pods/status/timestamp';
import type { NodeUsage } from './node-facts';

export interface NodeStatusInput {
  nodeName: string;
  hostAddress: string;
  cpu: string;
  memory: string;
  maxPods: number;
  info: NodeSystemInfo;
  images: ContainerImage[];
  usage: NodeUsage;
  /** Why pods can't be run here yet; undefined when they can. */
  notReady?: string;
  /** The conditions that the API has. */
  before: NodeCondition[];
  now: number;
}

const MIN_MEMORY_BYTES = 100 * 2 ** 20;
const MIN_DISK_SHARE = 0.05;
const MIN_INODE_SHARE = 0.05;

/** What this node reports of itself. Pure. */
export function nodeStatus(input: NodeStatusInput): NodeStatus {
  const resources = {
    cpu: input.cpu,
    memory: input.memory,
    pods: String(input.maxPods),
    'ephemeral-storage': `${Math.floor(input.usage.diskTotal / 1024)}Ki`,
  };
  return {
    capacity: resources,
    allocatable: resources,
    addresses: [
      { type: 'InternalIP', address: input.hostAddress },
      { type: 'Hostname', address: input.nodeName },
    ],
    conditions: conditions(input),
    nodeInfo: input.info,
    images: input.images,
  };
}

type Finding = Pick<NodeCondition, 'type' | 'status' | 'reason' | 'message'>;

function conditions({ usage, notReady, before, now }: NodeStatusInput): NodeCondition[] {
  const disk =
    usage.diskAvailable < usage.diskTotal * MIN_DISK_SHARE ||
    usage.inodesAvailable < usage.inodesTotal * MIN_INODE_SHARE;
  const findings: Finding[] = [
    pressure('MemoryPressure', usage.memoryAvailable < MIN_MEMORY_BYTES, 'Memory', 'memory'),
    pressure('DiskPressure', disk, 'Disk', 'disk'),
    pressure('PIDPressure', false, 'PID', 'PID'),
    notReady === undefined
      ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: notReady },
  ];
  return findings.map((finding) => {
    const known = before.find(({ type }) => type === finding.type);
    const since = known?.status === finding.status ? known.lastTransitionTime : undefined;
    return { ...finding, lastHeartbeatTime: timestamp(now), lastTransitionTime: since ?? timestamp(now) };
  });
}

function pressure(type: string, present: boolean, word: string, resource: string): Finding {
  if (present) {
    return { type, status: 'True', reason: `KubeletHas${word}Pressure`, message: `kubelet has ${resource} pressure` };
  }
  const [enough, text] =
    type === 'DiskPressure'
      ? ['HasNoDiskPressure', 'no disk pressure']
      : [`HasSufficient${word}`, `sufficient ${resource} available`];
  return { type, status: 'False', reason: `Kubelet${enough}`, message: `kubelet has ${text}` };
}
