/**
 * Loops that make the world look as objects want it.
 *
 * A reconciler gets a key, never an event: it reads, plans (a pure function in `x.plan.ts`), applies, reports.
 *
 * ```ts
 * export class ReplicaSetReconciler implements Reconciler {
 *   readonly name = 'replicaset';
 *   readonly watches = [itself(ReplicaSet), controllerOf(Pod, ReplicaSet)];
 *
 *   constructor(
 *     private readonly client: TypedClient,
 *     private readonly informers: InformerSet,
 *   ) {}
 *
 *   async reconcile(key: ObjectKey): Promise<void> {
 *     const set = this.informers.of(ReplicaSet).cache.get(key); // read
 *     if (!set) return;
 *     const pods = this.informers.of(Pod).cache.ownedBy(set.metadata.uid);
 *     const { actions, status } = planReplicaSet(set, pods); // plan
 *     for (const action of actions) await this.apply(set, action); // apply
 *     if (status) await this.client.resource(ReplicaSet).updateStatus({ ...set, status }); // report
 *   }
 * }
 *
 * const elector = new LeaderElector({ leases: new TypedClient(transport).resource(Lease), key, identity });
 * const client = new TypedClient(new FencedTransport(transport, elector));
 * const informers = new InformerSet(client);
 * const engine = new Engine({ informers, elector, log, metrics }).add(new ReplicaSetReconciler(client, informers)).start();
 * ```
 *
 * - `reconciler.ts`      the interface, and how changes of kinds become keys
 * - `engine.ts`          runs reconcilers: informers, queues, workers, leadership
 * - `work-queue.ts`      keys, once each, one worker at a time, later after failures
 * - `leader-elector.ts`  one leader among several processes; `fenced-transport.ts` keeps a former one from writing
 * - `expectations.ts`    what was written but is not in the cache yet
 */
export * from './engine';
export * from './expectations';
export * from './fenced-transport';
export * from './leader-elector';
export * from './reconciler';
export * from './work-queue';
export { WorkQueueMetrics } from './work-queue-metrics';
