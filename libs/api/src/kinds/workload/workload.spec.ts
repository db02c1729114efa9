import { kindOf } from '../../kind';
import type { Draft } from '../../meta';
import { created, updated } from '../written.fixture';
import { Deployment } from './deployment';
import type { DeploymentSpec } from './deployment';
import { ReplicaSet } from './replica-set';

const metadata = { name: 'd', namespace: 'ns' };
const selector = { matchLabels: { app: 'x' } };
const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i:1' }] } };
const deploymentOf = (spec: Draft<DeploymentSpec> = {}) =>
  created(Deployment, { metadata, spec: { selector, template, ...spec } });

describe('a deployment', () => {
  it('gets its defaults, and those of its pods', () => {
    const { object, problems } = deploymentOf();
    expect(problems).toEqual([]);
    expect(object.spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      template: { spec: { restartPolicy: 'Always', containers: [{ imagePullPolicy: 'IfNotPresent' }] } },
    });
    expect(object.spec.template.spec).not.toHaveProperty('enableServiceLinks');
    expect(object.status).toEqual({});
  });

  it('keeps the limits that were given', () => {
    const { object } = deploymentOf({ strategy: { rollingUpdate: { maxSurge: 0 } } });
    expect(object.spec.strategy.rollingUpdate).toEqual({ maxSurge: 0, maxUnavailable: '25%' });
  });

  it.each<[string, Draft<DeploymentSpec>]>([
    ['spec.replicas: Invalid value: -1: must be greater than or equal to 0', { replicas: -1 }],
    ['spec.selector: Required value', { selector: undefined }],
    ['empty selector is invalid for deployment', { selector: {} }],
    [
      'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
      { selector: { matchLabels: { app: 'y' } } },
    ],
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
    ],
    [
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      { strategy: { type: 'Recreate', rollingUpdate: {} } },
    ],
    [
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
      { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: '0%' } } },
    ],
    [
      'maxUnavailable: Invalid value: "120%": must not be greater than 100%',
      { strategy: { rollingUpdate: { maxUnavailable: '120%' } } },
    ],
    ['maxSurge: Invalid value: "much": a valid percent string', { strategy: { rollingUpdate: { maxSurge: 'much' } } }],
    [
      'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds',
      { minReadySeconds: 600 },
    ],
    [
      'spec.template.spec.containers[0].image: Required value',
      { template: { ...template, spec: { containers: [{ name: 'c' }] } } },
    ],
  ])('is refused: %s', (message, spec) => {
    expect(deploymentOf(spec).problems).toEqual([expect.stringContaining(message)]);
  });

  it('without a spec is refused', () => {
    expect(created(Deployment, { metadata }).problems).toEqual(['spec: Required value']);
  });

  it('keeps its selector', () => {
    const { problems } = updated(Deployment, deploymentOf().object, ({ spec }) => {
      spec.selector = { matchLabels: { app: 'x', more: 'y' } };
      spec.template.metadata = { labels: { app: 'x', more: 'y' } };
    });
    expect(problems).toEqual([expect.stringMatching(/^spec.selector: Invalid value: .*: field is immutable$/)]);
  });

  it('has the columns of kubectl get -o wide', () => {
    const { object } = deploymentOf({ replicas: 3 });
    object.status = { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 };
    const row = kindOf(Deployment).columns.map(({ name, value }) => [name, value(object, 0)]);
    expect(row).toEqual([
      ['Name', 'd'],
      ['Ready', '2/3'],
      ['Up-to-date', 3],
      ['Available', 1],
      ['Age', '<unknown>'],
      ['Containers', 'c'],
      ['Images', 'i:1'],
      ['Selector', 'app=x'],
    ]);
  });
});

describe('a ReplicaSet', () => {
  const { object, problems } = created(ReplicaSet, { metadata, spec: { selector, template } });

  it('starts with one replica and a status', () => {
    expect(problems).toEqual([]);
    expect(object.spec.replicas).toBe(1);
    expect(object.status).toEqual({ replicas: 0 });
  });

  it('has the columns of kubectl get', () => {
    const row = kindOf(ReplicaSet).columns.slice(0, 5);
    expect(row.map(({ name, value }) => [name, value(object, 0)])).toEqual([
      ['Name', 'd'],
      ['Desired', 1],
      ['Current', 0],
      ['Ready', 0],
      ['Age', '<unknown>'],
    ]);
  });
});
