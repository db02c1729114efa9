import { hostname } from 'node:os';
import { Lease } from '@gantry/api';
import { uuid } from '@gantry/base';
import { EventRecorder, InformerSet, TypedClient } from '@gantry/client';
import { Engine, FencedTransport, LeaderElector } from '@gantry/reconcile';
import { reconcilerUser } from '../auth/users';
import type { ComponentFactory } from '../components';
import { LEADERSHIP } from '../leadership';
import { DeploymentReconciler } from './deployment/deployment.reconciler';
import { EndpointsReconciler } from './endpoints/endpoints.reconciler';
import { GarbageReconciler } from './garbage/garbage.reconciler';
import { NamespaceReconciler } from './namespace/namespace.reconciler';
import { NodeLifecycleReconciler } from './node-lifecycle/node-lifecycle.reconciler';
import { NodeRangeReconciler } from './node-range/node-range.reconciler';
import { ReplicaSetReconciler } from './replica-set/replica-set.reconciler';

const LEASE = { namespace: 'kube-system', name: 'kube-controller-manager' };

/** Every reconciler, in one engine: of several control planes, the one that holds the lease runs them all. */
export const startReconcilers: ComponentFactory = (plane) => {
  const { clock, log, metrics, settings, pki } = plane;
  const transport = plane.transport(reconcilerUser);
  const elector = new LeaderElector({
    leases: new TypedClient(transport).resource(Lease),
    key: LEASE,
    identity: `${hostname()}_${uuid()}`,
    clock,
    log,
    ...LEADERSHIP,
  });
  const client = new TypedClient(new FencedTransport(transport, elector));
  const informers = new InformerSet(client, { clock });
  const events = new EventRecorder({ client: new TypedClient(transport), component: 'gantry-reconcilers', clock });
  const parts = { client, informers, events, clock };
  const replicaSets = new ReplicaSetReconciler(parts);
  const engine = new Engine({ informers, elector, clock, log, metrics })
    .add(replicaSets)
    .add(new DeploymentReconciler(parts))
    .add(new EndpointsReconciler(parts))
    .add(new NamespaceReconciler(parts, pki.authority.certificate))
    .add(new GarbageReconciler(parts))
    .add(new NodeLifecycleReconciler(parts))
    .add(new NodeRangeReconciler(parts, settings.podCidr))
    .start();
  return Promise.resolve({
    async close() {
      await engine.close();
      replicaSets.close();
      await informers.close();
      await events.close();
    },
  });
};
