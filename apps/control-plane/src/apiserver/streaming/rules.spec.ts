import * as fc from 'fast-check';
import type { ContainerState, Pod } from '@gantry/api';
import { chooseContainer } from './choose-container';
import { checkLogSource } from './log-source';
import { commandOptions, logOptions } from './query';
import { SizeParser } from './user-command';

function pod(containers: string[], initContainers: string[] = []): Pod {
  const named = (names: string[]): { name: string }[] => names.map((name) => ({ name }));
  return {
    metadata: { name: 'web' },
    spec: { containers: named(containers), initContainers: named(initContainers) },
  } as unknown as Pod;
}

describe('chooseContainer', () => {
  it.each([
    [pod(['a']), null, 'a'],
    [pod(['a'], ['setup']), null, 'a'],
    [pod(['a', 'b']), 'b', 'b'],
    [pod(['a'], ['setup']), 'setup', 'setup'],
  ])('finds it', (of, wanted, chosen) => {
    expect(chooseContainer(of, wanted)).toBe(chosen);
  });

  it.each([
    [null, 'a container name must be specified for pod web, choose one of: [setup a b]'],
    ['c', 'container c is not valid for pod web'],
  ])('refuses %s', (wanted, message) => {
    expect(() => chooseContainer(pod(['a', 'b'], ['setup']), wanted)).toThrow(message);
  });
});

describe('checkLogSource', () => {
  const ended = { terminated: { containerID: 'gantry://1', exitCode: 1 } };
  const check = (state: object | undefined, lastState: object | undefined, previous: boolean): void => {
    const containerStatuses = [{ name: 'a', state: state as ContainerState, lastState: lastState as ContainerState }];
    checkLogSource({ ...pod(['a']), status: { containerStatuses } } as unknown as Pod, 'a', previous);
  };

  it.each([
    ['running', { running: {} }, undefined, false],
    ['ended', ended, undefined, false],
    ['waiting for its next try', { waiting: { reason: 'CrashLoopBackOff' } }, ended, false],
    ['the last instance of one that runs', { running: {} }, ended, true],
  ])('there is a log of: %s', (_, state, last, previous) => {
    expect(() => {
      check(state, last, previous);
    }).not.toThrow();
  });

  it.each([
    [
      { waiting: { reason: 'ContainerCreating' } },
      undefined,
      false,
      'container "a" in pod "web" is waiting to start: ContainerCreating',
    ],
    [
      { waiting: { reason: 'ErrImagePull' } },
      undefined,
      false,
      'container "a" in pod "web" is waiting to start: image can\'t be pulled',
    ],
    [
      { waiting: { reason: 'ImagePullBackOff' } },
      undefined,
      false,
      'container "a" in pod "web" is waiting to start: trying and failing to pull image',
    ],
    [{}, undefined, false, 'container "a" in pod "web" is waiting to start - no logs yet'],
    [{ terminated: { exitCode: 128 } }, undefined, false, 'container "a" in pod "web" is terminated'],
    [{ running: {} }, undefined, true, 'previous terminated container "a" in pod "web" not found'],
  ])('%j', (state, last, previous, message) => {
    expect(() => {
      check(state, last, previous);
    }).toThrow(message);
  });

  it('knows a container the node has not reported yet', () => {
    expect(() => {
      checkLogSource(pod(['a']), 'a', false);
    }).toThrow('container "a" in pod "web" is not available');
  });
});

describe('options in the query', () => {
  it('of logs', () => {
    const query = new URLSearchParams(
      'follow=true&previous=1&timestamps=true&tailLines=5&sinceSeconds=60&limitBytes=10',
    );
    expect(logOptions(query, 'web')).toEqual({
      follow: true,
      previous: true,
      timestamps: true,
      tailLines: 5,
      sinceSeconds: 60,
      sinceTime: '',
      limitBytes: 10,
    });
  });

  it.each([
    ['tailLines=x', 400, 'tailLines: "x" is not a whole number'],
    ['sinceTime=yesterday', 400, 'sinceTime: "yesterday" is not an RFC 3339 time'],
    ['tailLines=-1', 422, 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['limitBytes=0', 422, 'limitBytes: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=0', 422, 'sinceSeconds: Invalid value: 0: must be greater than 0'],
    [
      'sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z',
      422,
      'at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
  ])('of logs: %s', (query, code, message) => {
    const parse = (): unknown => logOptions(new URLSearchParams(query), 'web');
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('of commands: a terminal has no stderr of its own', () => {
    expect(commandOptions(new URLSearchParams('stdin=true&stdout=true&stderr=true&tty=true'))).toEqual({
      stdin: true,
      stdout: true,
      stderr: false,
      tty: true,
    });
    expect(() => commandOptions(new URLSearchParams('tty=true'))).toThrow(
      'you must specify at least 1 of stdin, stdout, stderr',
    );
  });
});

describe('SizeParser', () => {
  it('reads sizes however their text is cut', () => {
    const sizes = fc.array(fc.record({ width: fc.nat(65535), height: fc.nat(65535) }));
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(200)), (all, cuts) => {
        const text = all.map(({ width, height }) => JSON.stringify({ Width: width, Height: height })).join('\n');
        const bounds = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const parser = new SizeParser();
        expect(bounds.slice(1).flatMap((end, i) => parser.push(text.slice(bounds[i], end)))).toEqual(all);
      }),
    );
  });
});
