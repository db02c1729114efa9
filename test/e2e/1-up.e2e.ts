import { succeed } from './cluster/command';
import { eventually } from './cluster/eventually';

const nodes = async (): Promise<string[]> =>
  (await succeed('kubectl', ['get', 'nodes', '--no-headers'])).trim().split('\n');
const gantry = (...args: string[]): Promise<string> => succeed('node', ['dist/apps/cli/main.js', ...args]);

describe('gantry up', () => {
  it('gives three Ready nodes, and says where everything is', async () => {
    const told = await succeed('npm', ['run', '-s', 'up'], { timeout: 120_000 });
    for (const place of [
      'https://127.0.0.1:6443',
      '127.0.0.1:5000',
      '.gantry/admin.kubeconfig',
      '10.77.0.13',
      '/run/gantry/node-3/docker.sock',
      'kubectl apply -f deploy/examples/guestbook.yaml',
    ]) {
      expect(told).toContain(place);
    }
    expect(await nodes()).toEqual(
      ['node-1', 'node-2', 'node-3'].map((name): unknown => expect.stringMatching(`^${name} +Ready `)),
    );
    expect((await gantry('kubeconfig')).trim()).toMatch(/\/\.gantry\/admin\.kubeconfig$/);
  }, 60_000);

  it('changes the running cluster to what is asked', async () => {
    await succeed('npm', ['run', '-s', 'up', '--', '--nodes', '4'], { timeout: 120_000 });
    expect(await nodes()).toHaveLength(4);
    expect(await gantry('status')).toMatch(/node-4 +Ready/);
    await succeed('npm', ['run', '-s', 'up', '--', '--nodes', '3'], { timeout: 120_000 });
    await eventually('the fourth node to be gone', nodes, (all) => all.length === 3);
    expect(await gantry('status')).not.toContain('node-4');
  }, 120_000);

  it('shows the state of its components', async () => {
    const status = await gantry('status');
    for (const name of ['supervisor', 'etcd', 'registry', 'server', 'agent-node-1']) {
      expect(status).toMatch(new RegExp(`${name} +running +\\d+`));
    }
  });

  it('has metrics under the names dashboards expect', async () => {
    const server = await succeed('kubectl', ['get', '--raw', '/metrics']);
    expect(server).toContain('apiserver_request_duration_seconds_bucket');
    expect(server).toContain('scheduler_scheduling_attempt_duration_seconds');
    const agent = await (await fetch('http://10.77.0.11:10255/metrics')).text();
    expect(agent).toContain('kubelet_pod_start_duration_seconds');
    expect((await fetch('http://127.0.0.1:5000/metrics')).status).toBe(200);
  });
});
