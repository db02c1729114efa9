import { kindOf } from '../../kind';
import { created } from '../written.fixture';
import type { ContainerStatus } from './container-status';
import { Pod } from './pod';
import type { PodStatus } from './pod-status';

const NOW = Date.parse('2026-01-01T01:00:00Z');

const status = (name: string, more: Partial<ContainerStatus>): ContainerStatus => ({
  name,
  ready: false,
  restartCount: 0,
  image: 'i',
  imageID: 'i',
  ...more,
});
const running = (name: string, ready = true) =>
  status(name, { ready, started: true, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } });
const waiting = (name: string, reason: string) => status(name, { state: { waiting: { reason } } });
const ended = (name: string, more: { exitCode: number; reason?: string; signal?: number }) =>
  status(name, { state: { terminated: more } });

function row(podStatus: Partial<PodStatus>, change?: (pod: Pod) => void): Record<string, unknown> {
  const spec = {
    initContainers: [
      { name: 'init', image: 'i' },
      { name: 'side', image: 'i', restartPolicy: 'Always' as const },
    ],
    containers: [
      { name: 'a', image: 'i' },
      { name: 'b', image: 'i' },
    ],
  };
  const { object: pod } = created(Pod, { metadata: { name: 'p', namespace: 'ns' }, spec });
  pod.metadata.creationTimestamp = '2026-01-01T00:00:00Z';
  pod.status = { ...pod.status, ...podStatus };
  change?.(pod);
  return Object.fromEntries(kindOf(Pod).columns.map(({ name, value }) => [name, value(pod, NOW)]));
}

const initialized = { type: 'Initialized', status: 'True' as const };
const done = { initContainerStatuses: [ended('init', { exitCode: 0 }), running('side')], conditions: [initialized] };

describe('a pod in one row', () => {
  it('has the columns of kubectl get -o wide', () => {
    expect(row({ podIP: '10.244.0.2' })).toEqual({
      Name: 'p',
      Ready: '0/3',
      Status: 'Pending',
      Restarts: '0',
      Age: '60m',
      IP: '10.244.0.2',
      Node: '<none>',
      'Nominated Node': '<none>',
      'Readiness Gates': '<none>',
    });
  });

  it.each<[string, string, Partial<PodStatus>]>([
    ['Running', '3/3', { ...done, phase: 'Running', containerStatuses: [running('a'), running('b')] }],
    ['Running', '2/3', { ...done, phase: 'Running', containerStatuses: [running('a'), running('b', false)] }],
    [
      'ContainerCreating',
      '1/3',
      { ...done, containerStatuses: [waiting('a', 'ContainerCreating'), running('b', false)] },
    ],
    [
      'CrashLoopBackOff',
      '2/3',
      { ...done, phase: 'Running', containerStatuses: [waiting('a', 'CrashLoopBackOff'), running('b')] },
    ],
    [
      'ImagePullBackOff',
      '1/3',
      { ...done, containerStatuses: [waiting('a', 'ImagePullBackOff'), waiting('b', 'ErrImagePull')] },
    ],
    [
      'Error',
      '1/3',
      { ...done, containerStatuses: [ended('a', { exitCode: 1, reason: 'Error' }), running('b', false)] },
    ],
    ['ExitCode:3', '1/3', { ...done, containerStatuses: [ended('a', { exitCode: 3 }), running('b', false)] }],
    [
      'Signal:9',
      '1/3',
      { ...done, containerStatuses: [ended('a', { exitCode: 137, signal: 9 }), running('b', false)] },
    ],
    [
      'NotReady',
      '2/3',
      {
        ...done,
        phase: 'Running',
        containerStatuses: [ended('a', { exitCode: 0, reason: 'Completed' }), running('b')],
      },
    ],
    ['Init:0/2', '0/3', { initContainerStatuses: [running('init', false), waiting('side', 'PodInitializing')] }],
    [
      'Init:1/2',
      '0/3',
      { initContainerStatuses: [ended('init', { exitCode: 0 }), waiting('side', 'PodInitializing')] },
    ],
    ['Init:Error', '0/3', { initContainerStatuses: [ended('init', { exitCode: 1, reason: 'Error' })] }],
    ['Init:ExitCode:2', '0/3', { initContainerStatuses: [ended('init', { exitCode: 2 })] }],
    ['Init:CrashLoopBackOff', '0/3', { initContainerStatuses: [waiting('init', 'CrashLoopBackOff')] }],
    ['Evicted', '0/3', { phase: 'Failed', reason: 'Evicted' }],
    ['SchedulingGated', '0/3', { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }],
  ])('shows %s with %s ready', (shown, ready, podStatus) => {
    expect(row(podStatus)).toMatchObject({ Status: shown, Ready: ready });
  });

  it('shows a deletion while the pod is still there', () => {
    const deleted = (pod: Pod) => (pod.metadata.deletionTimestamp = '2026-01-01T00:59:00Z');
    expect(row({ phase: 'Running' }, deleted)).toMatchObject({ Status: 'Terminating' });
    expect(row({ phase: 'Succeeded' }, deleted)).toMatchObject({ Status: 'Succeeded' });
    expect(row({ phase: 'Running', reason: 'NodeLost' }, deleted)).toMatchObject({ Status: 'Unknown' });
  });

  it('counts restarts and tells when the last one was', () => {
    const restarted = status('a', {
      restartCount: 2,
      lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:55:00Z' } },
    });
    expect(row({ ...done, containerStatuses: [restarted, running('b')] })).toMatchObject({ Restarts: '2 (5m ago)' });
  });
});
