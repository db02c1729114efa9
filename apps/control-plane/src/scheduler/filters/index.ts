import type { Filter } from './filter';
import { hostPorts } from './host-ports';
import { nodeAffinity } from './node-affinity';
import { nodeName } from './node-name';
import { resources } from './resources';
import { taints } from './taints';
import { unschedulable } from './unschedulable';

/** Every rule of where a pod may run. Those that rule out nodes for good come first: their reason says most. */
export const filters: readonly Filter[] = [nodeName, unschedulable, taints, nodeAffinity, hostPorts, resources];

export type { Filter, NodeFilter, Rejection, Shortage } from './filter';
