import type { Pod } from '@gantry/api';

/** Where a pod can be reached. */
export interface PodAddresses {
  /** The primary address. */
  ip: string;
  /** All addresses, the primary one first. */
  ips: string[];
}

/**
 * Gives pods their place in the cluster's network. Everything may be repeated: after a crash the agent attaches
 * every sandbox it finds again, and a sandbox that is attached already keeps its address.
 */
export interface PodNetwork {
  /**
   * Connects the sandbox's network namespace and opens the pod's host ports. A sandbox attached before (even by
   * an earlier process) gets the same answer again. Never called for pods on the host network.
   */
  attach(sandbox: NetworkedSandbox, pod: Pod): Promise<PodAddresses>;

  /** Takes the sandbox off the network and frees its address; harmless when it is not attached. */
  detach(sandboxId: string): Promise<void>;

  /** Frees what is held for any sandbox other than these: called once the node knows what runs on it. */
  retain(sandboxIds: ReadonlySet<string>): Promise<void>;
}

export interface NetworkedSandbox {
  id: string;
  /** A path that `ip netns` and `setns` understand. */
  networkNamespace: string;
}
