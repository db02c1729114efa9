import type { Pod } from '@gantry/api';
import { Evaluation } from './evaluation';
import { explain } from './explain';
import type { NodeTable } from './node-table';
import { podClass, type PodClass } from './pod-class';

export type Placement = { node: string; podClass: PodClass } | { node?: undefined; why: string };

// Classes that were not asked for the longest are forgotten beyond this many.
const REMEMBERED = 512;

/** Decides where a pod goes: pure but for its caches. Placing the pod in the table is the caller's. */
export class Placer {
  private readonly evaluations = new Map<string, Evaluation>();
  /** A pod that is tried again keeps its class: informers hand out the same object until it changes. */
  private readonly classes = new WeakMap<Pod, PodClass>();

  constructor(private readonly table: NodeTable) {}

  place(pod: Pod): Placement {
    const wanted = this.classOf(pod);
    const evaluation = this.evaluationOf(wanted);
    const slot = evaluation.best();
    if (slot === undefined) return { why: explain(this.table, evaluation.rejections()) };
    return { node: this.table.nodes[slot]!.metadata.name, podClass: wanted };
  }

  classOf(pod: Pod): PodClass {
    let known = this.classes.get(pod);
    if (!known) this.classes.set(pod, (known = podClass(pod)));
    return known;
  }

  private evaluationOf(wanted: PodClass): Evaluation {
    const known = this.evaluations.get(wanted.key);
    const evaluation = known ?? new Evaluation(wanted, this.table);
    this.evaluations.delete(wanted.key);
    this.evaluations.set(wanted.key, evaluation);
    if (this.evaluations.size > REMEMBERED) {
      const [oldest] = this.evaluations.keys();
      this.evaluations.delete(oldest!);
    }
    return evaluation;
  }
}
