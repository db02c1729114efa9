import { hostname } from 'node:os';
import { Lease } from '@gantry/api';
import { uuid } from '@gantry/base';
import { EventRecorder, InformerSet, TypedClient } from '@gantry/client';
import { FencedTransport, LeaderElector } from '@gantry/reconcile';
import { schedulerUser } from '../auth/users';
import type { ComponentFactory } from '../components';
import { LEADERSHIP } from '../leadership';
import { Scheduler, SCHEDULER_NAME } from './scheduler';
import { SchedulerMetrics } from './scheduler-metrics';

const LEASE = { namespace: 'kube-system', name: 'kube-scheduler' };

/** Of several control planes, the one that holds the lease schedules. */
export const startScheduler: ComponentFactory = (plane) => {
  const { clock, metrics } = plane;
  const log = plane.log.child({ scope: 'scheduler' });
  const transport = plane.transport(schedulerUser);
  const elector = new LeaderElector({
    leases: new TypedClient(transport).resource(Lease),
    key: LEASE,
    identity: `${hostname()}_${uuid()}`,
    clock,
    log,
    ...LEADERSHIP,
  });
  const client = new TypedClient(new FencedTransport(transport, elector));
  const events = new EventRecorder({ client: new TypedClient(transport), component: SCHEDULER_NAME, clock });
  const figures = new SchedulerMetrics(metrics);
  const leading = elector.run(async (_, signal) => {
    const informers = new InformerSet(client, { clock });
    const scheduler = new Scheduler({ client, informers, events, clock, log, metrics: figures });
    informers.start();
    await scheduler.run(signal);
    scheduler.close();
    await informers.close();
  });
  return Promise.resolve({
    async close() {
      await elector.close();
      await leading;
      await events.close();
    },
  });
};
