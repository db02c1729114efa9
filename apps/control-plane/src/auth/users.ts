import type { User } from '@gantry/api';

export const MASTERS = 'system:masters';
export const NODES = 'system:nodes';
export const AUTHENTICATED = 'system:authenticated';
export const UNAUTHENTICATED = 'system:unauthenticated';

const NODE_PREFIX = 'system:node:';

/** Nobody in particular: may read health and version only. */
export const anonymous: User = { name: 'system:anonymous', groups: [UNAUTHENTICATED] };

/** The control plane's own parts, which reach the apiserver in process. */
export const schedulerUser: User = { name: 'system:kube-scheduler', groups: [AUTHENTICATED] };
export const reconcilerUser: User = { name: 'system:kube-controller-manager', groups: [AUTHENTICATED] };
export const apiserverUser: User = { name: 'system:apiserver', groups: [MASTERS, AUTHENTICATED] };

export function nodeUser(nodeName: string): User {
  return { name: NODE_PREFIX + nodeName, groups: [NODES, AUTHENTICATED] };
}

/** The node a user speaks for, if it is one. */
export function nodeNameOf(user: User): string | undefined {
  return user.groups.includes(NODES) && user.name.startsWith(NODE_PREFIX)
    ? user.name.slice(NODE_PREFIX.length)
    : undefined;
}
