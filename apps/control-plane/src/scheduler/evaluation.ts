import { filters, type NodeFilter, type Rejection } from './filters';
import type { NodeTable } from './node-table';
import type { PodClass } from './pod-class';
import { ScoreHeap } from './score-heap';
import { scores } from './scores';

const INFEASIBLE = -1;

/**
 * What is known about the nodes for one class of pods, kept up to date by looking again only at nodes that changed.
 * The best node is on top of a heap; entries of a node that was scored again since are skipped when they surface.
 */
export class Evaluation {
  private readonly nodeFilters: NodeFilter[];
  private readonly nodeScores: { weight: number; of: (slot: number) => number }[];
  private readonly heap = new ScoreHeap();
  private current = new Float64Array(0);
  /** Position in the table's change log up to which this is true; -1 = never looked. */
  private position = -1;

  constructor(
    podClass: PodClass,
    private readonly table: NodeTable,
  ) {
    this.nodeFilters = filters.flatMap((filter) => filter.prepare(podClass, table) ?? []);
    this.nodeScores = scores.flatMap((score) => {
      const of = score.prepare(podClass, table);
      return of ? [{ weight: score.weight, of }] : [];
    });
  }

  /** The slot of the best node that can take the pod; undefined when none can. */
  best(): number | undefined {
    this.catchUp();
    for (;;) {
      const top = this.heap.top();
      if (top === undefined) return undefined;
      if (this.current[top] === this.heap.topScore()) return top;
      this.heap.pop();
    }
  }

  /** Why each node cannot take the pod, by slot; a node's first failing rule speaks for it. */
  rejections(): Map<number, Rejection[]> {
    const all = new Map<number, Rejection[]>();
    this.table.nodes.forEach((node, slot) => {
      if (!node) return;
      const failing = this.nodeFilters.find((filter) => !filter.passes(slot));
      if (failing) all.set(slot, failing.explain(slot));
    });
    return all;
  }

  private catchUp(): void {
    const changed = this.position < 0 ? undefined : this.table.changesSince(this.position);
    this.position = this.table.changePosition;
    if (changed) for (const slot of changed) this.evaluate(slot);
    else this.evaluateAll();
  }

  private evaluateAll(): void {
    const count = this.table.nodes.length;
    this.heap.clear();
    this.current = new Float64Array(count).fill(INFEASIBLE);
    for (let slot = 0; slot < count; slot++) this.evaluate(slot);
  }

  private evaluate(slot: number): void {
    if (slot >= this.current.length) this.widen();
    const score = this.table.nodes[slot] && this.feasible(slot) ? this.score(slot) : INFEASIBLE;
    if (score === this.current[slot]) return;
    this.current[slot] = score;
    if (score !== INFEASIBLE) this.heap.push(slot, score);
    // Outdated entries pile up in a class that loses more nodes than it takes pods: start over before they cost.
    if (this.heap.size > 4 * this.current.length + 64) this.rebuildHeap();
  }

  private feasible(slot: number): boolean {
    for (const filter of this.nodeFilters) if (!filter.passes(slot)) return false;
    return true;
  }

  private score(slot: number): number {
    let sum = 0;
    for (const { weight, of } of this.nodeScores) sum += weight * of(slot);
    return sum;
  }

  private rebuildHeap(): void {
    this.heap.clear();
    this.current.forEach((score, slot) => {
      if (score !== INFEASIBLE) this.heap.push(slot, score);
    });
  }

  private widen(): void {
    const wider = new Float64Array(this.table.nodes.length).fill(INFEASIBLE);
    wider.set(this.current);
    this.current = wider;
  }
}
