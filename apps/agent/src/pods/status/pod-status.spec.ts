import type { Container, Pod } from '@gantry/api';
import { containerHash } from '../identity';
import { noProbes, type ObservedContainer, type ObservedPod } from '../observed';
import { podStatus, type PodStatusInput } from './pod-status';

const NOW = Date.UTC(2030, 0, 1);
const main = { name: 'main', image: 'busybox' } as Container;
const init = { name: 'init', image: 'busybox' } as Container;

function instance(name: string, more: Partial<ObservedContainer> = {}): ObservedContainer {
  return {
    id: `${name}-${more.restartCount ?? 0}`,
    name,
    restartCount: 0,
    backoffLevel: 0,
    hash: containerHash(main),
    sandboxId: 's',
    sandboxAttempt: 0,
    phase: 'running',
    imageId: 'busybox@sha256:1',
    createdAt: NOW,
    startedAt: NOW,
    oomKilled: false,
    postStart: 'none',
    probes: noProbes,
    ...more,
  };
}

const exited = (exitCode: number | undefined, more: Partial<ObservedContainer> = {}): Partial<ObservedContainer> => ({
  phase: 'exited',
  exitCode,
  finishedAt: NOW,
  ...more,
});

interface Case extends Partial<Omit<PodStatusInput, 'observed' | 'desired'>> {
  spec?: object;
  before?: object;
  ending?: PodStatusInput['desired']['ending'];
  instances?: ObservedContainer[];
}

function statusOf({ spec, before, ending, instances = [], ...more }: Case) {
  const pod = {
    metadata: { name: 'p', namespace: 'd', uid: 'u' },
    spec: { containers: [main], ...spec },
    status: before,
  } as unknown as Pod;
  const containers = new Map<string, ObservedContainer[]>();
  for (const one of instances) containers.set(one.name, [...(containers.get(one.name) ?? []), one]);
  const observed: ObservedPod = {
    sandbox: { id: 's', attempt: 0, createdAt: NOW, detached: false },
    addresses: { ip: '10.1.0.5', ips: ['10.1.0.5'] },
    volumes: 'mounted',
    images: new Map(),
    containers,
  };
  const input = { problems: new Map(), hostIp: '10.0.0.7', seenAt: NOW, now: NOW, ...more };
  return podStatus({ ...input, desired: { pod, ending }, observed });
}

const ending = { keep: 'nothing', graceSeconds: 1 } as const;

describe('the phase', () => {
  it.each<[string, Case]>([
    ['Pending', {}],
    ['Pending', { instances: [instance('main', { phase: 'created' })] }],
    ['Running', { instances: [instance('main')] }],
    ['Running', { instances: [instance('main', exited(1))] }],
    ['Succeeded', { instances: [instance('main', exited(0))], spec: { restartPolicy: 'Never' } }],
    ['Failed', { instances: [instance('main', exited(1))], spec: { restartPolicy: 'Never' } }],
    ['Running', { instances: [instance('main', exited(1))], spec: { restartPolicy: 'OnFailure' } }],
    ['Failed', { instances: [instance('init', exited(1))], spec: { initContainers: [init], restartPolicy: 'Never' } }],
    ['Pending', { instances: [instance('init', exited(1))], spec: { initContainers: [init] } }],
    ['Running', { instances: [instance('main')], ending }],
    ['Failed', { instances: [instance('main', exited(143))], ending }],
    ['Succeeded', { instances: [instance('main', exited(0))], ending }],
    ['Failed', { instances: [], before: { phase: 'Failed' } }],
    ['Running', { instances: [instance('main')], verdict: { reason: 'DeadlineExceeded', message: '' } }],
  ])('is %s for %j', (phase, given) => {
    expect(statusOf(given).phase).toBe(phase);
  });
});

describe('the state of a container', () => {
  it.each<[object, Case]>([
    [{ waiting: { reason: 'ContainerCreating' } }, {}],
    [{ waiting: { reason: 'PodInitializing' } }, { spec: { initContainers: [init] } }],
    [
      { waiting: { reason: 'ErrImagePull', message: 'no' } },
      { problems: new Map([['main', { reason: 'ErrImagePull', message: 'no' }]]) },
    ],
    [{ running: { startedAt: '2030-01-01T00:00:00Z' } }, { instances: [instance('main')] }],
    [{ terminated: { reason: 'Error', exitCode: 1 } }, { instances: [instance('main', exited(1))] }],
    [
      { terminated: { reason: 'OOMKilled', exitCode: 137 } },
      { instances: [instance('main', exited(137, { oomKilled: true }))] },
    ],
    [
      { terminated: { reason: 'ContainerStatusUnknown', exitCode: 137 } },
      { instances: [instance('main', exited(undefined))] },
    ],
    [
      { terminated: { reason: 'StartError', exitCode: 128, message: 'no such file' } },
      { instances: [instance('main', exited(0, { error: 'no such file' }))] },
    ],
    [
      {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'back-off 2m40s restarting failed container=main pod=p_d(u)',
        },
      },
      { instances: [instance('main', exited(1, { backoffLevel: 5 }))] },
    ],
    [{ terminated: { exitCode: 1 } }, { instances: [instance('main', exited(1, { backoffLevel: 5 }))], ending }],
  ])('is %j', (state, given) => {
    expect(statusOf(given).containerStatuses![0]!.state).toMatchObject(state);
  });

  it('has its last end beside what it does now', () => {
    const instances = [instance('main', exited(2, { message: 'bye' })), instance('main', { restartCount: 1 })];
    expect(statusOf({ instances }).containerStatuses).toMatchObject([
      { restartCount: 1, lastState: { terminated: { exitCode: 2, message: 'bye' } }, ready: true },
    ]);
  });
});

describe('conditions', () => {
  const condition = (given: Case, type: string) => statusOf(given).conditions!.find((found) => found.type === type);
  const unready = instance('main', { probes: { ...noProbes, ready: false } });

  it.each<[string, object, Case]>([
    ['Ready', { status: 'True' }, { instances: [instance('main')] }],
    [
      'Ready',
      { status: 'False', reason: 'ContainersNotReady', message: 'containers with unready status: [main]' },
      { instances: [unready] },
    ],
    ['ContainersReady', { reason: 'PodCompleted' }, { before: { phase: 'Succeeded' } }],
    ['Ready', { reason: 'PodFailed' }, { before: { phase: 'Failed' } }],
    [
      'Ready',
      {
        reason: 'ReadinessGatesNotReady',
        message: 'corresponding condition of pod readiness gate "x/y" does not exist.',
      },
      { instances: [instance('main')], spec: { readinessGates: [{ conditionType: 'x/y' }] } },
    ],
    [
      'Initialized',
      { status: 'False', message: 'containers with incomplete status: [init]' },
      { instances: [instance('init')], spec: { initContainers: [init] } },
    ],
    ['Initialized', { status: 'True' }, { instances: [instance('init', exited(0))], spec: { initContainers: [init] } }],
    ['PodReadyToStartContainers', { status: 'True' }, {}],
  ])('%s is %j', (type, expected, given) => {
    expect(condition(given, type)).toMatchObject(expected);
  });

  it('keep the time of their last change', () => {
    const before = {
      conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2029-01-01T00:00:00Z' }],
    };
    expect(condition({ before }, 'PodScheduled')!.lastTransitionTime).toBe('2029-01-01T00:00:00Z');
    expect(condition({ before }, 'Ready')!.lastTransitionTime).toBe('2030-01-01T00:00:00Z');
  });
});

it('keeps a verdict that was given before', () => {
  const before = { phase: 'Failed', reason: 'Evicted', message: 'the disk is full' };
  expect(statusOf({ before })).toMatchObject(before);
});
