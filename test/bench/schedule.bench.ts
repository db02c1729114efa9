import type { Node, Pod } from '@gantry/api';
import { systemClock } from '@gantry/base';
import { filters } from '../../apps/control-plane/src/scheduler/filters';
import { NodeTable } from '../../apps/control-plane/src/scheduler/node-table';
import { Placer } from '../../apps/control-plane/src/scheduler/placer';
import { SchedulingQueue } from '../../apps/control-plane/src/scheduler/queue';
import { scores } from '../../apps/control-plane/src/scheduler/scores';

const NODES = 5000;
const PODS = 10_000;
const SETS = 100;
/** A full scan is slow: so many pods are enough to know its speed. */
const SCANNED = 200;

function node(i: number): Node {
  const labels = { 'kubernetes.io/hostname': `node-${i}`, zone: `z${i % 3}` };
  const taints = i % 50 === 0 ? [{ key: 'dedicated', effect: 'NoSchedule' }] : undefined;
  return {
    metadata: { name: `node-${i}`, labels },
    spec: { taints },
    status: { allocatable: { cpu: '16', memory: '64Gi', pods: '110' } },
  } as unknown as Node;
}

function pod(i: number): Pod {
  const set = i % SETS;
  const required = {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['z0', 'z1'] }] }],
  };
  return {
    metadata: {
      name: `pod-${i}`,
      namespace: 'bench',
      uid: `uid-${i}`,
      ownerReferences: [{ uid: `rs-${set}`, controller: true }],
    },
    spec: {
      containers: [{ name: 'c', resources: { requests: { cpu: `${50 + set}m`, memory: '128Mi' } } }],
      ...(set % 4 === 0
        ? { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }
        : {}),
    },
  } as unknown as Pod;
}

function table(): NodeTable {
  const nodes = new NodeTable();
  for (let i = 0; i < NODES; i++) nodes.setNode(node(i));
  return nodes;
}

/** Pods a second through the real queue and placer. */
function throughQueue(): number {
  const nodes = table();
  const placer = new Placer(nodes);
  const queue = new SchedulingQueue(systemClock);
  const pods = new Map(Array.from({ length: PODS }, (_, i) => [`bench/pod-${i}`, pod(i)]));
  const began = performance.now();
  for (const [key, { metadata }] of pods) queue.add(key, metadata.uid, 0);
  let placed = 0;
  for (let next = queue.take(); next; next = queue.take()) {
    const placement = placer.place(pods.get(next.key)!);
    if (placement.node === undefined) throw new Error(placement.why);
    nodes.place(next.uid, placement.podClass, placement.node);
    queue.remove(next.key);
    placed++;
  }
  queue.close();
  return (placed * 1000) / (performance.now() - began);
}

/** Pods a second when every pod looks at every node: the limit that equivalence classes avoid. */
function byFullScan(): number {
  const nodes = table();
  const placer = new Placer(nodes);
  const began = performance.now();
  for (let i = 0; i < SCANNED; i++) {
    const podClass = placer.classOf(pod(i));
    const checks = filters.flatMap((filter) => filter.prepare(podClass, nodes) ?? []);
    const weights = scores.flatMap((score) => {
      const of = score.prepare(podClass, nodes);
      return of ? [{ of, weight: score.weight }] : [];
    });
    let best = -1;
    let bestScore = -1;
    for (let slot = 0; slot < NODES; slot++) {
      if (!checks.every((check) => check.passes(slot))) continue;
      const score = weights.reduce((sum, { of, weight }) => sum + weight * of(slot), 0);
      if (score > bestScore) [best, bestScore] = [slot, score];
    }
    nodes.place(`uid-${i}`, podClass, `node-${best}`);
  }
  return (SCANNED * 1000) / (performance.now() - began);
}

const rounds = [1, 2, 3].map(() => ({ queue: throughQueue(), scan: byFullScan() }));
const median = (values: number[]): number => values.sort((a, b) => a - b)[1]!;
const queue = median(rounds.map((round) => round.queue));
const scan = median(rounds.map((round) => round.scan));
console.log(`${NODES} nodes, ${PODS} pods of ${SETS} ReplicaSets, interleaved; medians of 3`);
console.log(
  `queue and placer   ${queue.toFixed(0)} pods/s   ${(queue / scan).toFixed(1)} × full scan   ${(queue / 5000).toFixed(1)} × the aim of 5,000`,
);
console.log(`full scan          ${scan.toFixed(0)} pods/s`);
