import type { Container, ContainerPhase, Runtime } from '@gantry/runtime';
import { label } from '../pods/identity';
import { runtimeStreamActions } from './runtime-stream-actions';

function instance(restartCount: number, phase: ContainerPhase, name = 'main', podUid = 'u1'): Container {
  const labels = { [label.podUid]: podUid, [label.containerName]: name, [label.restartCount]: String(restartCount) };
  return { id: `${name}-${restartCount}`, phase, labels } as unknown as Container;
}

const target = { namespace: 'default', pod: 'web', podUid: 'u1', container: 'main' };

function actions(...all: Container[]) {
  const opened: string[] = [];
  const open = (id: string): never => void opened.push(id) as never;
  const containers = { list: () => Promise.resolve(all), exec: open, attach: open, logs: open };
  const sandboxes = { list: () => Promise.resolve([]) };
  return { opened, ...runtimeStreamActions({ containers, sandboxes } as unknown as Runtime) };
}

describe('runtimeStreamActions', () => {
  const [first, second, third] = [instance(0, 'exited'), instance(1, 'exited'), instance(10, 'running')];

  it('speaks with the newest instance of just this container', async () => {
    const on = actions(third, first, second, instance(12, 'running', 'other'), instance(12, 'running', 'main', 'u2'));
    await on.exec(target, { command: ['ls'] });
    await on.attach(target, { stdin: false });
    expect(on.opened).toEqual(['main-10', 'main-10']);
  });

  it('says that the container does not run', async () => {
    await expect(actions(first).exec(target, { command: ['ls'] })).rejects.toThrow('container not found ("main")');
    await expect(actions().portForward(target, 80)).rejects.toThrow('pod "web" has no sandbox on this node');
  });

  it.each([
    ['of one that runs', [first, second, third], false, 'main-10'],
    ['of one that ended', [first, second], false, 'main-1'],
    ['of one that is about to start', [second, instance(2, 'created')], false, 'main-1'],
    ['the run before', [first, second, third], true, 'main-1'],
    ['the only run, which ended', [first], true, 'main-0'],
  ])('reads the log %s', async (_, all, previous, id) => {
    const on = actions(...all);
    await on.logs(target, { previous });
    expect(on.opened).toEqual([id]);
  });

  it('says that there was no run before', async () => {
    await expect(actions(third).logs(target, { previous: true })).rejects.toThrow(
      'previous terminated container "main" in pod "web" not found',
    );
  });
});
