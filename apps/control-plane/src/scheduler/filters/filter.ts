import type { NodeTable } from '../node-table';
import type { PodClass } from '../pod-class';

/** Why a node cannot take a pod. */
export interface Rejection {
  /** The rule in a few words, the same for every node it turns down for this reason: `insufficient cpu`. */
  reason: string;
  /** What this node is short of, if it can be put in figures. */
  shortage?: Shortage;
  /** The smallest change to this node or pod that would help, as an instruction. */
  remedy?: string;
}

/** In the resource's unit, see Requests. */
export interface Shortage {
  resource: string;
  needed: number;
  free: number;
}

/**
 * One rule of where a pod may run. It is prepared once per class of pods; undefined when the class does not care.
 * Nothing is remembered between nodes: a node may be asked about again whenever it changes.
 */
export interface Filter {
  name: string;
  prepare(podClass: PodClass, table: NodeTable): NodeFilter | undefined;
}

export interface NodeFilter {
  /** On the hot path: no allocation. */
  passes(slot: number): boolean;
  /** Only asked for nodes that do not pass. */
  explain(slot: number): Rejection[];
}
