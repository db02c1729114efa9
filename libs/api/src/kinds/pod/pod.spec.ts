import { equalJson } from '../../json';
import { kindOf } from '../../kind';
import type { Draft } from '../../meta';
import { created, updated } from '../written.fixture';
import { pullPolicy } from './defaults';
import { Pod } from './pod';
import type { PodSpec } from './pod-spec';

const container = { name: 'main', image: 'registry/app:1' };
const metadata = { name: 'p', namespace: 'ns' };
const podOf = (spec: Draft<PodSpec>) => created(Pod, { metadata, spec: { containers: [container], ...spec } });

describe('defaults of a pod', () => {
  it('are those of Kubernetes', () => {
    const probe = { httpGet: { port: 80 } };
    const { object, problems } = podOf({
      containers: [{ ...container, ports: [{ containerPort: 80 }], readinessProbe: probe }],
      volumes: [{ name: 'v' }, { name: 'c', configMap: { name: 'c' } }],
    });
    expect(problems).toEqual([]);
    expect(object.spec).toEqual({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      enableServiceLinks: true,
      securityContext: {},
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 'c', configMap: { name: 'c', defaultMode: 0o644 } },
      ],
      containers: [
        {
          ...container,
          imagePullPolicy: 'IfNotPresent',
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          resources: {},
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          readinessProbe: {
            httpGet: { port: 80, path: '/', scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
          },
        },
      ],
    });
    expect(object.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
  });

  it('are complete: storing the pod again changes nothing', () => {
    const { object } = podOf({ hostNetwork: true, serviceAccount: 'robot', volumes: [{ name: 'v' }] });
    const again = updated(Pod, object, () => undefined);
    expect(again.problems).toEqual([]);
    expect(equalJson(again.object, object)).toBe(true);
  });

  it('take requests from limits', () => {
    const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } };
    const { object } = podOf({ containers: [{ ...container, resources }] });
    expect(object.spec.containers[0]?.resources.requests).toEqual({ cpu: '500m', memory: '1Gi' });
  });

  it('hold a gated pod back', () => {
    expect(podOf({ schedulingGates: [{ name: 'x/y' }] }).object.status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' },
    ]);
  });

  it.each([
    ['app', 'Always'],
    ['app:latest', 'Always'],
    ['host:5000/app', 'Always'],
    ['host:5000/app:1', 'IfNotPresent'],
    ['app@sha256:00', 'IfNotPresent'],
    ['app:latest@sha256:00', 'Always'],
  ])('pull %s: %s', (image, policy) => {
    expect(pullPolicy(image)).toBe(policy);
  });
});

describe('quality of service', () => {
  const all = { cpu: '1', memory: '1Gi' };
  it.each([
    ['Guaranteed', { limits: all }],
    ['Guaranteed', { limits: all, requests: { cpu: '1000m', memory: '1024Mi' } }],
    ['Burstable', { limits: all, requests: { cpu: '500m' } }],
    ['Burstable', { limits: { cpu: '1' } }],
    ['Burstable', { requests: { memory: '1' } }],
    ['BestEffort', {}],
    ['BestEffort', { requests: { cpu: '0' } }],
  ])('is %s for %j', (qos, resources) => {
    expect(podOf({ containers: [{ ...container, resources }] }).object.status.qosClass).toBe(qos);
  });
});

describe('a pod is refused', () => {
  const only = (more: object) => ({ containers: [{ ...container, ...more }] });
  const env = (variable: object) => only({ env: [{ name: 'A', ...variable }] });
  const affinity = (term: object) => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } },
  });

  it.each<[string, object]>([
    ['spec.containers: Required value', { containers: [] }],
    ['spec.containers[0].image: Required value', { containers: [{ name: 'a' }] }],
    ['spec.containers[1].name: Duplicate value: "main"', { containers: [container, container] }],
    ['spec.initContainers[0].name: Duplicate value: "main"', { initContainers: [container] }],
    [
      'spec.containers[0].volumeMounts[0].name: Not found: "v"',
      only({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
    ],
    [
      'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/v": must be unique',
      {
        ...only({
          volumeMounts: [
            { name: 'v', mountPath: '/v' },
            { name: 'v', mountPath: '/v' },
          ],
        }),
        volumes: [{ name: 'v' }],
      },
    ],
    [
      'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
      only({ ports: [{ containerPort: 70000 }] }),
    ],
    [
      'spec.containers[0].ports[1].name: Duplicate value: "a"',
      only({
        ports: [
          { name: 'a', containerPort: 1 },
          { name: 'a', containerPort: 2 },
        ],
      }),
    ],
    [
      'spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"',
      only({
        ports: [
          { hostPort: 80, containerPort: 1 },
          { hostPort: 80, containerPort: 2 },
        ],
      }),
    ],
    [
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
      only({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
    ],
    [
      'spec.containers[0].resources.requests[cores]: Invalid value: "cores": must be a standard resource for containers',
      only({ resources: { requests: { cores: '1' } } }),
    ],
    [
      'spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
      only({ resources: { requests: { memory: '-1' } } }),
    ],
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      env({ value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }),
    ],
    ['spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`', env({ valueFrom: {} })],
    [
      'spec.containers[0].env[0].valueFrom.secretKeyRef.name: Required value',
      env({ valueFrom: { secretKeyRef: { key: 'k' } } }),
    ],
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase"',
      env({ valueFrom: { fieldRef: { fieldPath: 'status.phase' } } }),
    ],
    ['spec.containers[0].livenessProbe: Required value: must specify a handler type', only({ livenessProbe: {} })],
    [
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
      only({ livenessProbe: { exec: { command: ['x'] }, successThreshold: 2 } }),
    ],
    [
      'spec.containers[0].readinessProbe.httpGet: Forbidden: may not specify more than 1 handler type',
      only({ readinessProbe: { exec: { command: ['x'] }, httpGet: { port: 80 } } }),
    ],
    [
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
      { initContainers: [{ ...container, name: 'i', livenessProbe: { exec: { command: ['x'] } } }] },
    ],
    [
      'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      only({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    ],
    ['spec.volumes[1].name: Duplicate value: "v"', { volumes: [{ name: 'v' }, { name: 'v' }] }],
    [
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
      { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] },
    ],
    ['spec.volumes[0].configMap.name: Required value', { volumes: [{ name: 'v', configMap: {} }] }],
    [
      'spec.volumes[0].secret.items[0].path: Invalid value: "../x": must not contain \'..\'',
      { volumes: [{ name: 'v', secret: { secretName: 's', items: [{ key: 'k', path: '../x' }] } }] },
    ],
    [
      'spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
      { tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 1 }] },
    ],
    [
      'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty',
      { tolerations: [{}] },
    ],
    [
      "matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      affinity({ matchExpressions: [{ key: 'zone', operator: 'In' }] }),
    ],
    [
      "matchExpressions[0].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
      affinity({ matchExpressions: [{ key: 'zone', operator: 'Gt', values: ['1', '2'] }] }),
    ],
    [
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] },
    ],
    [
      'spec.dnsConfig: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None',
      { dnsPolicy: 'None' },
    ],
    [
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      { restartPolicy: 'Sometimes' },
    ],
    [
      'spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
      { nodeName: 'n', schedulingGates: [{ name: 'x/y' }] },
    ],
  ])('%s', (message, spec) => {
    expect(podOf(spec as Draft<PodSpec>).problems).toEqual([expect.stringContaining(message)]);
  });

  it('without a spec', () => {
    expect(created(Pod, { metadata }).problems).toEqual(['spec: Required value']);
  });
});

describe('a running pod', () => {
  const { object: old } = podOf({ tolerations: [{ key: 'a', operator: 'Exists' }], activeDeadlineSeconds: 100 });
  const change = (fn: (spec: PodSpec) => void) =>
    updated(Pod, old, ({ spec }) => {
      fn(spec);
    }).problems;

  it.each<[string, (spec: PodSpec) => void]>([
    ['the image', (spec) => (spec.containers[0]!.image = 'other:2')],
    ['a nearer deadline', (spec) => (spec.activeDeadlineSeconds = 50)],
    ['one more toleration', (spec) => spec.tolerations!.push({ key: 'b', operator: 'Exists' })],
  ])('takes %s', (_, fn) => {
    expect(change(fn)).toEqual([]);
  });

  it.each<[string, (spec: PodSpec) => void]>([
    ['spec: Forbidden: pod updates may not change fields other than', (spec) => (spec.restartPolicy = 'Never')],
    ['changed: spec.containers', (spec) => (spec.containers[0]!.command = ['x'])],
    [
      'spec.containers: Forbidden: pod updates may not add or remove containers',
      (spec) => (spec.containers = [...spec.containers, { ...spec.containers[0]!, name: 'b' }]),
    ],
    ['spec.tolerations: Forbidden: existing toleration can not be modified', (spec) => (spec.tolerations = [])],
    ['must be less than or equal to previous value', (spec) => (spec.activeDeadlineSeconds = 200)],
    ["found new scheduling gate 'g'", (spec) => (spec.schedulingGates = [{ name: 'g' }])],
  ])('refuses: %s', (message, fn) => {
    expect(change(fn)).toEqual([expect.stringContaining(message)]);
  });
});

it.each([
  ['spec.nodeName', ''],
  ['spec.restartPolicy', 'Always'],
  ['status.phase', 'Pending'],
  ['spec.hostNetwork', 'false'],
])('can be selected by %s', (field, value) => {
  expect(kindOf(Pod).selectableFields[field]!(podOf({}).object)).toBe(value);
});
