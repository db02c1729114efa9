import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KUBECONFIG, run, succeed } from './cluster/command';
import { eventually } from './cluster/eventually';
import { freshNamespace, type Kubectl } from './cluster/kubectl';
import { deployment, isRunning, type PodView } from './cluster/manifests';

describe('kubectl', () => {
  let kubectl: Kubectl;
  let pod: string;

  beforeAll(async () => {
    kubectl = await freshNamespace('kubectl');
    await kubectl.apply(deployment('web', { replicas: 2, command: ['httpd', '-f', '-p', '8080', '-h', '/etc'] }));
    await kubectl.do('rollout', 'status', 'deployment/web', '--timeout=30s');
    pod = (await kubectl.items<PodView>('pods')).find(isRunning)!.metadata.name;
  }, 60_000);
  afterAll(() => succeed('kubectl', ['delete', 'namespace', kubectl.namespace, '--wait=false']));

  it.each([
    ['pods', /^NAME +READY +STATUS +RESTARTS +AGE\n(web-\S+ +1\/1 +Running +0 +\S+\n){2}$/],
    ['pods -o wide', /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n/],
    ['deployments', /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 /],
    ['replicasets', /^NAME +DESIRED +CURRENT +READY +AGE\nweb-\S+ +2 +2 +2 /],
    ['nodes', /^NAME +STATUS +ROLES +AGE +VERSION\nnode-1 +Ready +<none> +\S+ +v1\./],
    ['events', /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/],
    ['namespaces', /^NAME +STATUS +AGE\ndefault +Active /],
    ['configmaps', /^NAME +DATA +AGE\nkube-root-ca.crt +1 /],
    [
      'services -A',
      /^NAMESPACE +NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\ndefault +kubernetes +ClusterIP +10\.96\.0\.1 +<none> +443\/TCP /,
    ],
  ])('get %s prints the columns people know', async (what, expected) => {
    expect(await kubectl.do('get', ...what.split(' '))).toMatch(expected);
  });

  it('describes pods, deployments and nodes', async () => {
    const described = await kubectl.do('describe', 'pod', pod);
    expect(described).toMatch(/Controlled By: +ReplicaSet\/web-/);
    expect(described).toMatch(/Normal +Scheduled .*default-scheduler +Successfully assigned/);
    expect(described).toMatch(/Normal +Started .*Started container main/);
    expect(await kubectl.do('describe', 'deployment', 'web')).toContain('NewReplicaSetAvailable');
    expect(await kubectl.do('describe', 'node', 'node-1')).toMatch(/Allocatable:[^]*cpu: +\d/);
  });

  it('runs commands in a container, passes stdin, and gives back exit codes', async () => {
    expect(await kubectl.do('exec', pod, '--', 'hostname')).toBe(`${pod}\n`);
    const piped = await kubectl.try(['exec', '-i', pod, '--', 'wc', '-c'], { input: 'x'.repeat(300_000) });
    expect(piped.stdout.trim()).toBe('300000');
    expect((await kubectl.try(['exec', pod, '--', 'sh', '-c', 'exit 7'])).code).toBe(7);
  });

  it('gives exec -it a terminal', async () => {
    const inner = `kubectl -n ${kubectl.namespace} exec -it ${pod} -- sh -c "test -t 0 && echo terminal:$((20+22))"`;
    const { stdout } = await run('script', ['-qec', inner, '/dev/null']);
    expect(stdout).toContain('terminal:42');
  });

  it('shows logs, and follows them', async () => {
    await kubectl.apply(
      deployment('talker', { command: ['sh', '-c', 'i=0; while :; do i=$((i+1)); echo line $i; sleep 0.2; done'] }),
    );
    await kubectl.do('rollout', 'status', 'deployment/talker', '--timeout=30s');
    const follower = spawn('kubectl', ['-n', kubectl.namespace, 'logs', '-f', 'deployment/talker'], {
      env: { ...process.env, KUBECONFIG },
    });
    let seen = '';
    follower.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text));
    try {
      await eventually(
        'new lines to arrive',
        () => Promise.resolve(seen),
        (text) => text.includes('line 12\n'),
      );
    } finally {
      follower.kill();
    }
    expect(seen).toMatch(/^line 1\nline 2\nline 3\n/);
    expect((await kubectl.do('logs', 'deployment/talker', '--tail=2')).trim().split('\n')).toHaveLength(2);
    await kubectl.do('delete', 'deployment', 'talker');
  });

  it('copies files both ways', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gantry-cp-'));
    try {
      const text = `from here ${process.pid}\n`.repeat(10_000);
      writeFileSync(join(folder, 'out'), text);
      await kubectl.do('cp', join(folder, 'out'), `${pod}:/tmp/there`);
      await kubectl.do('cp', `${pod}:/tmp/there`, join(folder, 'back'));
      expect(readFileSync(join(folder, 'back'), 'utf8')).toBe(text);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('forwards ports', async () => {
    const forward = spawn('kubectl', ['-n', kubectl.namespace, 'port-forward', `pod/${pod}`, ':8080'], {
      env: { ...process.env, KUBECONFIG },
    });
    try {
      let told = '';
      forward.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
      await eventually(
        'the forwarding',
        () => Promise.resolve(told),
        (text) => text.includes('->'),
      );
      const port = /127\.0\.0\.1:(\d+)/.exec(told)![1];
      // The pod closes each connection itself: nothing of its last bytes may be lost.
      for (let i = 0; i < 20; i++) {
        expect(await (await fetch(`http://127.0.0.1:${port}/passwd`)).text()).toContain('root:');
      }
    } finally {
      forward.kill();
    }
  });

  it('scales, waits, labels, annotates and patches', async () => {
    await kubectl.do('scale', 'deployment/web', '--replicas=3');
    await kubectl.do('wait', 'deployment/web', '--for=jsonpath={.status.readyReplicas}=3', '--timeout=30s');
    await kubectl.do('label', 'pod', pod, 'colour=blue');
    expect(await kubectl.do('get', 'pods', '-l', 'colour=blue', '-o', 'name')).toBe(`pod/${pod}\n`);
    await kubectl.do('annotate', 'deployment', 'web', 'note=hello');
    await kubectl.do('patch', 'deployment', 'web', '-p', '{"spec":{"minReadySeconds":1}}');
    const web = await kubectl.json<{ metadata: { annotations: object }; spec: object }>('get', 'deployment', 'web');
    expect(web).toMatchObject({ metadata: { annotations: { note: 'hello' } }, spec: { minReadySeconds: 1 } });
  });

  it('rolls out, restarts, shows history and goes back', async () => {
    const status = (): Promise<string> => kubectl.do('rollout', 'status', 'deployment/web', '--timeout=60s');
    await kubectl.do('set', 'env', 'deployment/web', 'COLOUR=red');
    await status();
    await kubectl.do('rollout', 'restart', 'deployment/web');
    await status();
    expect(await kubectl.do('rollout', 'history', 'deployment/web')).toMatch(/^1 [^]*^2 [^]*^3 /m);
    await kubectl.do('rollout', 'undo', 'deployment/web', '--to-revision=1');
    await status();
    expect(await kubectl.do('get', 'deployment', 'web', '-o', 'yaml')).not.toContain('COLOUR');
  }, 90_000);

  it.each([
    ['configmap', 'settings', '--from-literal=a=b'],
    ['secret', 'generic', 'keys', '--from-literal=a=b'],
    ['serviceaccount', 'robot'],
    ['service', 'clusterip', 'plain', '--tcp=80:8080'],
    ['deployment', 'made', '--image=busybox', '--', 'sleep', '60'],
  ])('creates by command: %s %s', async (...args) => {
    expect(await kubectl.do('create', ...args)).toMatch(/ created$/m);
  });

  it('cordons and drains a node', async () => {
    await succeed('kubectl', ['drain', 'node-3', '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=60s'], {
      timeout: 70_000,
    });
    try {
      const left = await kubectl.items<PodView>('pods', '-A', '--field-selector', 'spec.nodeName=node-3');
      expect(left.filter(({ metadata }) => !metadata.deletionTimestamp)).toEqual([]);
      expect(await succeed('kubectl', ['get', 'node', 'node-3'])).toContain('Ready,SchedulingDisabled');
    } finally {
      await succeed('kubectl', ['uncordon', 'node-3']);
    }
  }, 90_000);

  it('explains kinds and lists resources', async () => {
    expect(await kubectl.do('explain', 'deployment.spec.strategy')).toContain('rollingUpdate');
    expect(await kubectl.do('api-resources')).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
  });

  it('deletes what it is told, with what belongs to it', async () => {
    await kubectl.do('delete', 'deployment', 'web');
    await eventually(
      'its pods to be gone',
      () => kubectl.items('pods', '-l', 'app=web'),
      (pods) => pods.length === 0,
      60_000,
    );
    expect(await kubectl.items('replicasets', '-l', 'app=web')).toEqual([]);
  }, 70_000);
});
