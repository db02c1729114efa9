import fc from 'fast-check';
import type { Container, Pod } from '@gantry/api';
import { containerHash } from '../identity';
import { allInstances, noProbes, type ObservedContainer, type ObservedPod, type ReadyImage } from '../observed';
import { planPod, type DesiredPod } from './plan-pod';
import { stepKey, type Step } from './step';

interface Ending {
  keep: 'records' | 'nothing';
  graceSeconds: number;
}

function container(name: string, more: Partial<Container> = {}): Container {
  return { name, image: 'busybox', ...more } as Container;
}

function podOf(spec: Partial<Pod['spec']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', uid: 'u' },
    spec: { containers: [container('main')], ...spec },
  } as unknown as Pod;
}

/** A node with one pod on it that does each step at once, and whose containers end when told. */
class ModelNode {
  now = 1_000_000;
  sandbox?: ObservedPod['sandbox'];
  addresses?: ObservedPod['addresses'];
  volumes: ObservedPod['volumes'] = 'absent';
  images = new Map<string, ReadyImage>();
  containers = new Map<string, ObservedContainer[]>();
  released = false;
  ending?: Ending;

  constructor(readonly pod: Pod) {}

  get observed(): ObservedPod {
    const { sandbox, addresses, volumes, images, containers } = this;
    return { sandbox, addresses, volumes, images, containers };
  }

  get desired(): DesiredPod {
    return { pod: this.pod, ending: this.ending };
  }

  plan() {
    return planPod(this.desired, this.observed, this.now);
  }

  /** Plans and acts, one step at a time, until there is nothing to do but wait. Returns what was done. */
  settle(limit = 200): Step[] {
    const done: Step[] = [];
    for (;;) {
      const [step] = this.plan().steps;
      if (!step || this.released) return done;
      this.apply(step);
      done.push(step);
      if (done.length > limit) throw new Error(`does not settle: ${done.slice(-6).map(stepKey).join(', ')}`);
    }
  }

  running(): string[] {
    return [...allInstances(this.observed)].filter((c) => c.phase === 'running').map((c) => c.name);
  }

  latest(name: string): ObservedContainer {
    return this.containers.get(name)!.at(-1)!;
  }

  exit(name: string, exitCode: number): void {
    const instance = this.latest(name);
    if (instance.phase === 'running') Object.assign(instance, { phase: 'exited', exitCode, finishedAt: this.now });
  }

  /** Power-off and return: containers are dead, the sandbox is gone, the agent knows nothing by heart. */
  reboot(): void {
    for (const instance of allInstances(this.observed)) {
      if (instance.phase === 'running') Object.assign(instance, { phase: 'exited', finishedAt: this.now });
    }
    this.sandbox = undefined;
    this.restartAgent();
  }

  restartAgent(): void {
    this.addresses = undefined;
    this.images.clear();
    if (this.volumes === 'mounted') this.volumes = 'stale';
    if (this.sandbox) this.sandbox = { ...this.sandbox, detached: false };
  }

  apply(step: Step): void {
    switch (step.type) {
      case 'createSandbox':
        this.sandbox = { id: `sandbox-${step.attempt}`, attempt: step.attempt, createdAt: this.now, detached: false };
        break;
      case 'attachNetwork':
        this.addresses = { ip: '10.0.0.1', ips: ['10.0.0.1'] };
        break;
      case 'mountVolumes':
        this.volumes = 'mounted';
        break;
      case 'pullImage':
        this.images.set(step.container, { restartCount: step.restartCount, id: 'sha256:1' });
        break;
      case 'createContainer':
        this.create(step);
        break;
      case 'startContainer':
        this.start(step.id);
        break;
      case 'runPostStart':
        this.byId(step.id).postStart = 'done';
        break;
      case 'stopContainer':
        this.exit(step.container, 137);
        break;
      case 'removeContainer':
        this.remove(step.container, step.id);
        break;
      case 'detachNetwork':
        this.addresses = undefined;
        this.sandbox!.detached = true;
        break;
      case 'removeSandbox':
        this.sandbox = undefined;
        break;
      case 'unmountVolumes':
        this.volumes = 'absent';
        break;
      case 'releasePod':
        this.released = true;
        break;
    }
  }

  private create(step: Extract<Step, { type: 'createContainer' }>): void {
    const all = [...(this.pod.spec.initContainers ?? []), ...this.pod.spec.containers];
    const wanted = all.find((c) => c.name === step.container)!;
    const instances = this.containers.get(wanted.name) ?? [];
    instances.push({
      id: `${wanted.name}-${step.restartCount}`,
      name: wanted.name,
      restartCount: step.restartCount,
      backoffLevel: step.backoffLevel,
      hash: containerHash(wanted),
      sandboxId: step.sandboxId,
      sandboxAttempt: this.sandbox!.attempt,
      phase: 'created',
      imageId: 'sha256:1',
      createdAt: this.now,
      oomKilled: false,
      postStart: wanted.lifecycle?.postStart ? 'pending' : 'none',
      probes: noProbes,
    });
    this.containers.set(wanted.name, instances);
  }

  private start(id: string): void {
    const instance = this.byId(id);
    const others = this.containers.get(instance.name)!.filter((c) => c.phase === 'running');
    if (others.length > 0) throw new Error(`two instances of ${instance.name} at once`);
    Object.assign(instance, { phase: 'running', startedAt: this.now });
  }

  private remove(name: string, id: string): void {
    const left = this.containers.get(name)!.filter((c) => c.id !== id);
    if (left.length > 0) this.containers.set(name, left);
    else this.containers.delete(name);
  }

  private byId(id: string): ObservedContainer {
    return [...allInstances(this.observed)].find((c) => c.id === id)!;
  }
}

const kinds = (steps: Step[]): string[] => steps.map((step) => step.type);

describe('a new pod', () => {
  it('gets a sandbox, volumes, images and containers, all that can go on at once at once', () => {
    const node = new ModelNode(podOf({ containers: [container('a'), container('b')] }));
    expect(kinds(node.plan().steps)).toEqual(['createSandbox', 'mountVolumes', 'pullImage', 'pullImage']);
    node.settle();
    expect(node.running()).toEqual(['a', 'b']);
    expect(node.plan()).toEqual({ steps: [], wakeAt: undefined });
  });

  it('makes its container while the network is being attached, and starts it only then', () => {
    const node = new ModelNode(podOf());
    for (const step of node.plan().steps) node.apply(step);
    expect(kinds(node.plan().steps)).toEqual(['attachNetwork', 'createContainer']);
    node.apply(node.plan().steps[1]!);
    expect(kinds(node.plan().steps)).toEqual(['attachNetwork']);
    node.apply(node.plan().steps[0]!);
    expect(kinds(node.plan().steps)).toEqual(['startContainer']);
  });

  it('waits for the address when the environment names it', () => {
    const env = [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }];
    const node = new ModelNode(podOf({ containers: [container('main', { env } as Partial<Container>)] }));
    for (const step of node.plan().steps) node.apply(step);
    expect(kinds(node.plan().steps)).toEqual(['attachNetwork']);
  });
});

describe('init containers', () => {
  const pod = podOf({
    initContainers: [container('first'), container('sidecar', { restartPolicy: 'Always' }), container('second')],
  });

  it('run one after another, a sidecar staying, before the others', () => {
    const node = new ModelNode(pod);
    node.settle();
    expect(node.running()).toEqual(['first']);
    node.exit('first', 0);
    node.settle();
    expect(node.running()).toEqual(['sidecar', 'second']);
    node.exit('second', 0);
    node.settle();
    expect(node.running()).toEqual(['sidecar', 'main']);
  });

  it('are not run again when the main container restarts', () => {
    const node = new ModelNode(pod);
    for (const init of ['first', 'second']) {
      node.settle();
      node.exit(init, 0);
    }
    node.settle();
    node.exit('main', 1);
    expect(kinds(node.settle())).toEqual(['pullImage', 'createContainer', 'startContainer']);
    expect(node.latest('first').restartCount).toBe(0);
  });

  it('run again in a new sandbox', () => {
    const node = new ModelNode(pod);
    for (const init of ['first', 'second']) {
      node.settle();
      node.exit(init, 0);
    }
    node.settle();
    node.reboot();
    node.settle();
    expect(node.running()).toEqual(['first']);
    expect(node.latest('first')).toMatchObject({ restartCount: 1, sandboxId: 'sandbox-1' });
  });

  it('fail the pod when it never restarts', () => {
    const node = new ModelNode(podOf({ initContainers: [container('first')], restartPolicy: 'Never' }));
    node.settle();
    node.exit('first', 3);
    expect(kinds(node.settle())).toEqual(['detachNetwork', 'unmountVolumes']);
    expect(node.containers.has('main')).toBe(false);
  });

  it('end after the main containers when the pod is deleted, last started first', () => {
    const sidecars = ['s1', 's2'].map((name) => container(name, { restartPolicy: 'Always' }));
    const node = new ModelNode(podOf({ initContainers: sidecars }));
    node.settle();
    node.ending = { keep: 'nothing', graceSeconds: 5 };
    const stopped = node.settle().flatMap((step) => (step.type === 'stopContainer' ? [step.container] : []));
    expect(stopped).toEqual(['main', 's2', 's1']);
  });
});

describe('an ended container', () => {
  it.each([
    ['Always', 0, true],
    ['Always', 1, true],
    ['OnFailure', 0, false],
    ['OnFailure', 1, true],
    ['Never', 0, false],
    ['Never', 1, false],
  ] as const)('with restartPolicy %s and exit code %i restarts: %s', (restartPolicy, exitCode, restarts) => {
    const node = new ModelNode(podOf({ restartPolicy }));
    node.settle();
    node.exit('main', exitCode);
    node.settle();
    expect(node.running()).toEqual(restarts ? ['main'] : []);
  });

  it('waits 10 s, doubled up to 5 min, after the first restart; forgiven after running 10 min', () => {
    const node = new ModelNode(podOf());
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      node.settle();
      node.exit('main', 1);
      const { wakeAt } = node.plan();
      waits.push(((wakeAt ?? node.now) - node.now) / 1000);
      node.now = wakeAt ?? node.now;
    }
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
    node.settle();
    node.now += 600_000;
    node.exit('main', 1);
    expect(node.plan().wakeAt).toBeUndefined();
    expect(node.settle()).toHaveLength(4); // with the removal of the last but one
  });

  it.each([
    ['livenessFailed', { probes: { started: true, ready: true, alive: false } }],
    ['startupFailed', { probes: { started: false, ready: false, alive: false } }],
    ['definitionChanged', { hash: 'older' }],
    ['postStartFailed', { postStart: 'failed' as const }],
  ])('is stopped and started anew: %s', (why, change) => {
    const node = new ModelNode(podOf());
    node.settle();
    Object.assign(node.latest('main'), change);
    expect(node.plan().steps).toMatchObject([{ type: 'stopContainer', why, graceSeconds: 30 }]);
    node.settle();
    expect(node.latest('main')).toMatchObject({ phase: 'running', restartCount: 1 });
  });
});

const exits = fc.record({ type: fc.constant('exit' as const), index: fc.nat(3), code: fc.constantFrom(0, 1) });
const disturbance = fc.oneof(
  exits,
  fc.record({ type: fc.constantFrom('reboot' as const, 'restartAgent' as const) }),
  fc.record({ type: fc.constant('steps' as const), count: fc.nat(6) }),
  fc.record({ type: fc.constant('wait' as const), ms: fc.nat(700_000) }),
);

type Disturbance = typeof disturbance extends fc.Arbitrary<infer T> ? T : never;

const arbitraryPod = fc
  .record({
    restartPolicy: fc.constantFrom('Always', 'OnFailure', 'Never'),
    inits: fc.array(fc.boolean(), { maxLength: 2 }),
    mains: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ restartPolicy, inits, mains }) =>
    podOf({
      restartPolicy,
      initContainers: inits.map((sidecar, i) => container(`init${i}`, sidecar ? { restartPolicy: 'Always' } : {})),
      containers: Array.from({ length: mains }, (_, i) => container(`main${i}`)),
    }),
  );

/** Lives through whatever happens; the model itself refuses a second instance of a container. */
function disturb(node: ModelNode, events: Disturbance[]): void {
  for (const event of events) {
    if (event.type === 'exit') {
      const running = node.running();
      if (running.length > 0) node.exit(running[event.index % running.length]!, event.code);
    } else if (event.type === 'steps') {
      for (let i = 0; i < event.count; i++)
        node
          .plan()
          .steps.slice(0, 1)
          .forEach((step) => {
            node.apply(step);
          });
    } else if (event.type === 'wait') node.now += event.ms;
    else node[event.type]();
  }
}

describe('whatever happens', () => {
  it('settles, and planning again after settling gives nothing to do', () => {
    fc.assert(
      fc.property(arbitraryPod, fc.array(disturbance, { maxLength: 20 }), (pod, events) => {
        const node = new ModelNode(pod);
        disturb(node, events);
        node.settle();
        expect(node.plan().steps).toEqual([]);
      }),
    );
  });

  it('keeps at most two instances of a container', () => {
    fc.assert(
      fc.property(arbitraryPod, fc.array(disturbance, { maxLength: 20 }), (pod, events) => {
        const node = new ModelNode(pod);
        disturb(node, events);
        node.settle();
        for (const instances of node.containers.values()) expect(instances.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('leaves nothing behind when the pod is deleted', () => {
    fc.assert(
      fc.property(arbitraryPod, fc.array(disturbance, { maxLength: 20 }), (pod, events) => {
        const node = new ModelNode(pod);
        disturb(node, events);
        node.ending = { keep: 'nothing', graceSeconds: 1 };
        const steps = node.settle();
        expect(kinds(steps).at(-1)).toBe('releasePod');
        expect([node.sandbox, node.volumes]).toEqual([undefined, 'absent']);
        expect(node.containers.size).toBe(0);
      }),
    );
  });
});
