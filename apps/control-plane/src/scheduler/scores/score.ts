import type { NodeTable } from '../node-table';
import type { PodClass } from '../pod-class';

/**
 * One preference among the nodes that may take a pod. Scores are absolute, 0 (worst) to 100: never relative to other
 * nodes, so that a change of one node changes only that node's score.
 */
export interface Score {
  name: string;
  weight: number;
  /** Undefined when the class does not care. The answer is on the hot path: no allocation. */
  prepare(podClass: PodClass, table: NodeTable): ((slot: number) => number) | undefined;
}
