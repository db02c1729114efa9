import type { Node } from '@gantry/api';
import { amounts, type PodClass } from './pod-class';

/** One resource of all nodes, by slot: what a node offers and what its pods have asked for. */
export interface ResourceColumn {
  name: string;
  allocatable: Float64Array;
  used: Float64Array;
}

/** A pod that counts on a node, bound or assumed. */
interface Placement {
  slot: number;
  podClass: PodClass;
}

const FIRST_CAPACITY = 64;

/**
 * The scheduler's picture of the nodes, laid out for scanning: a slot per node, a typed array per resource.
 * Every change of a node is noted in a log, from which cached evaluations learn which slots to look at again.
 */
export class NodeTable {
  readonly columns = new Map<string, ResourceColumn>();
  /** Undefined where no node stands. */
  readonly nodes: (Node | undefined)[] = [];
  /** Host ports in use, by slot. */
  readonly hostPorts: Map<string, number>[] = [];
  /** How many pods of a group stand on a node, by slot. */
  readonly groups: Map<string, number>[] = [];
  /** Slots that changed, oldest first; positions only grow, see {@link changesSince}. */
  private changes: number[] = [];
  private forgotten = 0;
  private capacity = FIRST_CAPACITY;
  private readonly slots = new Map<string, number>();
  private readonly free: number[] = [];
  private readonly placements = new Map<string, Placement>();
  /** Pods on nodes that are not known (yet), by node name. */
  private readonly waiting = new Map<string, Map<string, PodClass>>();

  get size(): number {
    return this.slots.size;
  }

  slotOf(nodeName: string): number | undefined {
    return this.slots.get(nodeName);
  }

  nodeNames(): string[] {
    return [...this.slots.keys()];
  }

  setNode(node: Node): void {
    const name = node.metadata.name;
    const slot = this.slots.get(name) ?? this.newSlot(name);
    this.nodes[slot] = node;
    const offered = amounts(node.status?.allocatable);
    for (const resource of offered.keys()) this.column(resource);
    for (const column of this.columns.values()) column.allocatable[slot] = offered.get(column.name) ?? 0;
    for (const [uid, podClass] of this.waiting.get(name) ?? []) this.place(uid, podClass, name);
    this.waiting.delete(name);
    this.noteChange(slot);
  }

  removeNode(name: string): void {
    const slot = this.slots.get(name);
    if (slot === undefined) return;
    for (const [uid, placement] of this.placements) {
      if (placement.slot !== slot) continue;
      this.remove(uid);
      this.wait(name, uid, placement.podClass);
    }
    this.nodes[slot] = undefined;
    for (const column of this.columns.values()) column.allocatable[slot] = column.used[slot] = 0;
    this.slots.delete(name);
    this.free.push(slot);
    this.noteChange(slot);
  }

  /** Counts a pod on a node; one that was counted elsewhere moves. Repeating it changes nothing. */
  place(uid: string, podClass: PodClass, nodeName: string): void {
    const slot = this.slots.get(nodeName);
    const known = this.placements.get(uid);
    if (known && known.slot === slot) return;
    if (known) this.remove(uid);
    if (slot === undefined) {
      this.wait(nodeName, uid, podClass);
      return;
    }
    this.placements.set(uid, { slot, podClass });
    this.count(slot, podClass, 1);
  }

  remove(uid: string): void {
    const placement = this.placements.get(uid);
    if (placement) {
      this.placements.delete(uid);
      this.count(placement.slot, placement.podClass, -1);
    }
    for (const pods of this.waiting.values()) pods.delete(uid);
  }

  /** The position of the newest change. */
  get changePosition(): number {
    return this.forgotten + this.changes.length;
  }

  /** The slots that changed since a position; undefined when too much has changed to tell: look at all. */
  changesSince(position: number): readonly number[] | undefined {
    if (position < this.forgotten || this.changePosition - position > this.nodes.length) return undefined;
    return this.changes.slice(position - this.forgotten);
  }

  column(resource: string): ResourceColumn {
    let column = this.columns.get(resource);
    if (!column) {
      column = {
        name: resource,
        allocatable: new Float64Array(this.capacity),
        used: new Float64Array(this.capacity),
      };
      this.columns.set(resource, column);
    }
    return column;
  }

  private count(slot: number, podClass: PodClass, sign: 1 | -1): void {
    for (const [resource, amount] of podClass.requests) this.column(resource).used[slot]! += sign * amount;
    for (const port of podClass.hostPorts) addTo(this.hostPorts[slot]!, port, sign);
    addTo(this.groups[slot]!, podClass.group, sign);
    this.noteChange(slot);
  }

  private wait(nodeName: string, uid: string, podClass: PodClass): void {
    const pods = this.waiting.get(nodeName) ?? new Map<string, PodClass>();
    this.waiting.set(nodeName, pods.set(uid, podClass));
  }

  private newSlot(name: string): number {
    const slot = this.free.pop() ?? this.nodes.length;
    if (slot >= this.capacity) this.grow();
    this.nodes[slot] = undefined;
    this.hostPorts[slot] = new Map();
    this.groups[slot] = new Map();
    this.slots.set(name, slot);
    return slot;
  }

  private grow(): void {
    this.capacity *= 2;
    for (const column of this.columns.values()) {
      column.allocatable = grown(column.allocatable, this.capacity);
      column.used = grown(column.used, this.capacity);
    }
  }

  private noteChange(slot: number): void {
    this.changes.push(slot);
    const kept = Math.max(1024, this.nodes.length);
    if (this.changes.length > 2 * kept) {
      this.forgotten += this.changes.length - kept;
      this.changes = this.changes.slice(-kept);
    }
  }
}

function grown(old: Float64Array, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  larger.set(old);
  return larger;
}

function addTo(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
