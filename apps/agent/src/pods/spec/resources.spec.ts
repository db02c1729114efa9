import type { Container, Pod } from '@gantry/api';
import { qosClass } from './qos';
import { containerResources } from './resources';
import { containerUser } from './security';

const asking = (...resources: object[]): Pod =>
  ({ spec: { containers: resources.map((r, i) => ({ name: `c${i}`, resources: r })) } }) as unknown as Pod;

const both = { cpu: '1', memory: '1Gi' };

describe('qosClass', () => {
  it.each([
    ['BestEffort', asking({}, {})],
    ['Guaranteed', asking({ limits: both }, { limits: both, requests: both })],
    ['Burstable', asking({ limits: both }, {})],
    ['Burstable', asking({ requests: { cpu: '1' } })],
    ['Burstable', asking({ limits: both, requests: { cpu: '500m', memory: '1Gi' } })],
    ['Burstable', asking({ limits: { cpu: '1' } })],
  ])('%s', (expected, pod) => {
    expect(qosClass(pod)).toBe(expected);
  });
});

describe('containerResources', () => {
  it.each([
    [{}, 'BestEffort', { cpuShares: 2, oomScoreAdj: 1000 }],
    [{ limits: both }, 'Guaranteed', { cpuShares: 1024, cpuQuota: 100_000, memoryBytes: 2 ** 30, oomScoreAdj: -997 }],
    [{ requests: { cpu: '100m', memory: '1Gi' } }, 'Burstable', { cpuShares: 102, oomScoreAdj: 750 }],
    [{ limits: { cpu: '1m' } }, 'Burstable', { cpuQuota: 1000, oomScoreAdj: 999 }],
  ] as const)('of %j as %s', (resources, qos, expected) => {
    const container = { name: 'c', resources } as unknown as Container;
    expect(containerResources(container, qos, 4 * 2 ** 30)).toMatchObject(expected);
  });
});

describe('containerUser', () => {
  const user = (podContext: object, own: object, image = ''): string | undefined =>
    containerUser(
      { spec: { securityContext: podContext } } as unknown as Pod,
      { securityContext: own } as unknown as Container,
      { User: image },
    );

  it.each([
    [{}, {}, undefined],
    [{ runAsUser: 5 }, {}, '5'],
    [{ runAsUser: 5 }, { runAsUser: 6, runAsGroup: 7 }, '6:7'],
    [{ runAsGroup: 7 }, {}, 'app:7'],
  ])('pod %j, container %j: %s', (podContext, own, expected) => {
    expect(user(podContext, own, 'app')).toBe(expected);
  });

  it.each([
    [{ runAsNonRoot: true, runAsUser: 0 }, '', 'breaks non-root policy'],
    [{ runAsNonRoot: true }, '', 'image will run as root'],
    [{ runAsNonRoot: true }, 'app', 'non-numeric user (app)'],
  ])('refuses root where it is forbidden: %j', (own, image, message) => {
    expect(() => user({}, own, image)).toThrow(message);
  });
});
