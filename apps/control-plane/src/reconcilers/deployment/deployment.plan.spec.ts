import type { Deployment, Pod, ReplicaSet } from '@gantry/api';
import fc from 'fast-check';
import { planDeployment, type DeploymentPlan } from './deployment.plan';
import { rolloutLimits } from './limits';

const NOW = Date.parse('2030-01-01T00:00:00Z');

function deployment(spec: object = {}, image = 'v1'): Deployment {
  return {
    metadata: { name: 'front', namespace: 'shop', uid: 'd', generation: 1 },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'front' } },
      template: { metadata: { labels: { app: 'front' } }, spec: { containers: [{ name: 'c', image }] } },
      strategy: { type: 'RollingUpdate' },
      revisionHistoryLimit: 2,
      progressDeadlineSeconds: 600,
      ...spec,
    },
    status: {},
  } as unknown as Deployment;
}

/** A cluster of one Deployment in miniature: carries out plans, and lets pods become available when told. */
class Miniature {
  sets: ReplicaSet[] = [];
  now = NOW;
  private made = 0;

  constructor(public deployment: Deployment) {}

  plan(pods: Pod[] = []): DeploymentPlan {
    return planDeployment({ deployment: this.deployment, sets: this.sets, pods, now: this.now });
  }

  step(): boolean {
    const { actions, status } = this.plan();
    this.deployment = { ...this.deployment, status };
    for (const action of actions) {
      switch (action.type) {
        case 'createSet': {
          const metadata = {
            ...action.set.metadata,
            uid: `rs-${++this.made}`,
            creationTimestamp: new Date(this.now + this.made).toISOString(),
          };
          this.sets.push({ ...action.set, metadata, status: { replicas: 0 } });
          break;
        }
        case 'changeSet':
          this.sets = this.sets.map((set) =>
            set === action.set
              ? {
                  ...set,
                  metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, ...action.annotations } },
                  spec: { ...set.spec, replicas: action.replicas },
                }
              : set,
          );
          break;
        case 'deleteSet':
          this.sets = this.sets.filter((set) => set !== action.set);
          break;
        case 'setRevision':
          this.deployment = {
            ...this.deployment,
            metadata: {
              ...this.deployment.metadata,
              annotations: { 'deployment.kubernetes.io/revision': action.revision },
            },
          };
      }
    }
    return actions.length > 0;
  }

  /** ReplicaSets make and remove pods; of those of a working image, `share` become available. */
  settle(share: (set: ReplicaSet) => number = () => 1): void {
    this.sets = this.sets.map((set) => {
      const { replicas } = set.spec;
      const before = set.status.availableReplicas ?? 0;
      const available = Math.min(replicas, before + Math.ceil(replicas * share(set)));
      const ready = share(set) > 0 ? available : 0;
      return { ...set, status: { replicas, readyReplicas: ready, availableReplicas: ready } };
    });
  }

  rollOut(share?: (set: ReplicaSet) => number): void {
    for (let i = 0; i < 200; i++) {
      const moved = this.step();
      this.settle(share);
      if (!moved && !this.step()) return;
    }
    throw new Error('the roll-out does not end');
  }

  get available(): number {
    return this.sets.reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0);
  }

  get total(): number {
    return this.sets.reduce((sum, set) => sum + set.spec.replicas, 0);
  }

  sizes(): Record<string, number> {
    return Object.fromEntries(
      this.sets.map((set): [string, number] => [set.spec.template.spec.containers[0]!.image!, set.spec.replicas]),
    );
  }

  use(image: string, spec: object = {}): void {
    const { metadata, status } = this.deployment;
    this.deployment = {
      ...deployment({ ...this.deployment.spec, ...spec, template: deployment({}, image).spec.template }),
      metadata,
      status,
    };
  }
}

describe('a Deployment', () => {
  it('makes a ReplicaSet for its template, with the hash in name, labels and selector', () => {
    const [action] = new Miniature(deployment()).plan().actions;
    expect(action).toMatchObject({
      type: 'createSet',
      set: {
        metadata: {
          name: expect.stringMatching(/^front-[a-z0-9]{10}$/),
          ownerReferences: [{ uid: 'd', controller: true }],
        },
        spec: { replicas: 0, selector: { matchLabels: { app: 'front', 'pod-template-hash': expect.any(String) } } },
      },
    });
  });

  it('rolls out, keeps its history, and goes back to an old set under a new revision', () => {
    const world = new Miniature(deployment());
    for (const image of ['v1', 'v2', 'v3', 'v4']) {
      world.use(image);
      world.rollOut();
      expect(world.sizes()).toMatchObject({ [image]: 4 });
    }
    expect(world.sizes()).toEqual({ v2: 0, v3: 0, v4: 4 });
    world.use('v2');
    world.rollOut();
    expect(world.sizes()).toEqual({ v2: 4, v3: 0, v4: 0 });
    expect(world.deployment.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '5' });
    expect(world.deployment.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Progressing', reason: 'NewReplicaSetAvailable' }),
    );
  });

  it('never strays beyond its limits, whatever the sizes, and arrives', () => {
    const amount = fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 12 }),
        amount,
        amount,
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (replicas, maxSurge, maxUnavailable, share) => {
          const world = new Miniature(
            deployment({ replicas, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } } }),
          );
          world.rollOut();
          expect(world.available).toBe(replicas);
          world.use('v2');
          const limits = rolloutLimits(world.deployment);
          for (let i = 0; i < 100; i++) {
            world.step();
            expect(world.total).toBeLessThanOrEqual(replicas + limits.maxSurge);
            world.sets = world.sets.map((set) => ({
              ...set,
              status: {
                ...set.status,
                availableReplicas: Math.min(set.status.availableReplicas ?? 0, set.spec.replicas),
              },
            }));
            expect(world.available).toBeGreaterThanOrEqual(replicas - limits.maxUnavailable);
            world.settle(() => share);
          }
          expect(world.sizes()).toEqual({ v1: 0, v2: replicas });
          expect(world.plan().actions).toEqual([]);
        },
      ),
    );
  });

  it('stops at a broken image with the old pods serving, and says why', () => {
    const world = new Miniature(deployment());
    world.rollOut();
    world.use('broken');
    world.rollOut((set) => (set.spec.template.spec.containers[0]!.image === 'broken' ? 0 : 1));
    expect(world.sizes()).toEqual({ v1: 3, broken: 2 });
    const broken = world.sets.find((set) => set.spec.template.spec.containers[0]!.image === 'broken')!;
    const stuck = {
      metadata: { name: 'front-x', ownerReferences: [{ uid: broken.metadata.uid }] },
      spec: {},
      status: {
        containerStatuses: [
          { name: 'c', state: { waiting: { reason: 'ImagePullBackOff', message: 'manifest unknown' } } },
        ],
      },
    } as unknown as Pod;
    const condition = (): unknown => world.plan([stuck]).status.conditions?.find(({ type }) => type === 'Progressing');
    expect(condition()).toMatchObject({
      status: 'True',
      message: expect.stringContaining('pod front-x is stuck, container c: ImagePullBackOff (manifest unknown)'),
    });
    world.now += 601_000;
    expect(condition()).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
  });

  it('gives the time until its progress deadline', () => {
    const world = new Miniature(deployment());
    world.step();
    world.step();
    world.now += 100_000;
    expect(world.plan().recheckIn).toBe(500_000);
  });

  it('recreates: the new pods come when the last old one has gone', () => {
    const world = new Miniature(deployment({ strategy: { type: 'Recreate' } }));
    world.rollOut();
    world.use('v2');
    world.step();
    world.step();
    expect(world.sizes()).toEqual({ v1: 0, v2: 0 });
    const dying = {
      metadata: { name: 'x', ownerReferences: [{ uid: 'rs-1' }] },
      status: { phase: 'Running' },
    } as unknown as Pod;
    world.settle();
    expect(world.plan([dying]).actions).toEqual([]);
    world.rollOut();
    expect(world.sizes()).toEqual({ v1: 0, v2: 4 });
  });

  it('when paused follows its size but not its template', () => {
    const world = new Miniature(deployment());
    world.rollOut();
    world.use('v2', { paused: true, replicas: 6 });
    world.rollOut();
    expect(world.sizes()).toEqual({ v1: 6 });
    world.use('v2', { paused: false });
    world.rollOut();
    expect(world.sizes()).toEqual({ v1: 0, v2: 6 });
  });

  it('shares a resize in the middle of a roll-out between old and new', () => {
    const world = new Miniature(
      deployment({
        replicas: 10,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
      }),
    );
    world.rollOut();
    world.use('broken');
    const share = (set: ReplicaSet): number => (set.spec.template.spec.containers[0]!.image === 'broken' ? 0 : 1);
    world.rollOut(share);
    expect(world.sizes()).toEqual({ v1: 8, broken: 5 });
    world.use('broken', { replicas: 15 });
    world.step();
    expect(world.total).toBe(18);
    expect(world.sizes().v1).toBeGreaterThan(10);
  });
});
