import { equalJson, type Node, type Pod } from '@gantry/api';
import { tolerates, type Taint } from '../../scheduler/filters/taints';

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';

export interface NodeFacts {
  node: Node;
  pods: readonly Pod[];
  /** Milliseconds since the node's lease was last seen to be renewed. */
  silentFor: number;
  /** Milliseconds of silence after which the node counts as lost. */
  grace: number;
  /** Milliseconds since the epoch. */
  now: number;
}

export type NodeAction =
  /** Nobody hears of the node: what it last said of itself no longer holds. */
  | { type: 'setConditions'; conditions: NonNullable<Node['status']['conditions']> }
  | { type: 'setTaints'; taints: Taint[] }
  /** Its service traffic must go elsewhere. */
  | { type: 'markPodNotReady'; pod: Pod }
  | { type: 'evict'; pod: Pod; taint: Taint };

export interface NodePlan {
  actions: NodeAction[];
  /** Milliseconds after which the plan may be another one by time alone. */
  recheckIn?: number;
}

/** What follows from a node's silence or word: its conditions, the taints that say so, and which pods must leave it. */
export function planNode(facts: NodeFacts): NodePlan {
  const { node, pods, silentFor, grace } = facts;
  const actions: NodeAction[] = [];
  const lost = silentFor >= grace;
  const conditions = lost ? unknownConditions(facts) : (node.status.conditions ?? []);
  if (!equalJson(conditions, node.status.conditions ?? [])) actions.push({ type: 'setConditions', conditions });
  const ready = conditions.find(({ type }) => type === 'Ready')?.status ?? 'False';
  const taints = taintsFor(facts, ready);
  if (!equalJson(taints, node.spec?.taints ?? [])) actions.push({ type: 'setTaints', taints });
  if (ready !== 'True') {
    for (const pod of pods) if (claimsReady(pod)) actions.push({ type: 'markPodNotReady', pod });
  }
  const evictions = evict(facts, taints);
  actions.push(...evictions.actions);
  const waits = [...(lost ? [] : [grace - silentFor]), ...evictions.waits];
  return { actions, recheckIn: waits.length > 0 ? Math.min(...waits) : undefined };
}

const WATCHED = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

function unknownConditions({ node, now }: NodeFacts): NonNullable<Node['status']['conditions']> {
  const known = node.status.conditions ?? [];
  const missing = WATCHED.filter((type) => !known.some((condition) => condition.type === type));
  const all = [...known, ...missing.map((type) => ({ type, status: 'False' as const }))];
  return all.map((condition) =>
    !WATCHED.includes(condition.type) || condition.status === 'Unknown'
      ? condition
      : {
          ...condition,
          status: 'Unknown' as const,
          reason: 'NodeStatusUnknown',
          message: 'The agent stopped reporting.',
          lastTransitionTime: time(now),
        },
  );
}

// KEP-1003: NoSchedule while not ready; NoExecute, from which pods' tolerationSeconds count, as long as that lasts.
function taintsFor({ node, now }: NodeFacts, ready: string): Taint[] {
  const present = node.spec?.taints ?? [];
  const others = present.filter(({ key }) => key !== NOT_READY && key !== UNREACHABLE);
  if (ready === 'True') return others;
  const key = ready === 'Unknown' ? UNREACHABLE : NOT_READY;
  const own = (['NoSchedule', 'NoExecute'] as const).map((effect): Taint => {
    const known = present.find((taint) => taint.key === key && taint.effect === effect);
    return known ?? { key, effect, timeAdded: time(now) };
  });
  return [...others, ...own];
}

function evict({ pods, now }: NodeFacts, taints: Taint[]): { actions: NodeAction[]; waits: number[] } {
  const actions: NodeAction[] = [];
  const waits: number[] = [];
  const repelling = taints.filter(({ effect }) => effect === 'NoExecute');
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp || hasEnded(pod)) continue;
    const [first] = repelling.map((taint) => ({ taint, at: leavesAt(pod, taint, now) })).sort((a, b) => a.at - b.at);
    if (!first || first.at === Number.POSITIVE_INFINITY) continue;
    if (first.at <= now) actions.push({ type: 'evict', pod, taint: first.taint });
    else waits.push(first.at - now);
  }
  return { actions, waits };
}

/** When a taint drives a pod out: at once unless tolerated, never if tolerated without limit. */
function leavesAt(pod: Pod, taint: Taint, now: number): number {
  const tolerations = (pod.spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
  if (tolerations.length === 0) return now;
  const limits = tolerations.map(({ tolerationSeconds }) => tolerationSeconds ?? Number.POSITIVE_INFINITY);
  return Date.parse(taint.timeAdded ?? time(now)) + Math.max(0, Math.min(...limits)) * 1000;
}

function claimsReady(pod: Pod): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function hasEnded({ status: { phase } }: Pod): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

function time(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+/, '');
}
