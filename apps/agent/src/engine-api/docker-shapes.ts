import type { Container, Image } from '@gantry/runtime';
import { label } from '../pods/identity';

/** The runtime's objects in the shapes of the Docker Engine API 1.44. Pure. */
export function containerSummary(container: Container, image: Image | undefined, now: number): object {
  return {
    Id: container.id,
    Names: [`/${containerName(container)}`],
    Image: shownImage(container, image),
    ImageID: container.image,
    Command: commandLine(container, image),
    Created: Math.floor(Date.parse(container.createdAt) / 1000),
    State: container.phase,
    Status: statusText(container, now),
    Labels: container.labels,
    Ports: [],
    Mounts: (container.spec.mounts ?? []).map(mountPoint),
    HostConfig: { NetworkMode: container.sandbox ? `container:${container.sandbox}` : 'none' },
    NetworkSettings: { Networks: {} },
  };
}

export function containerDetails(container: Container, image: Image | undefined): object {
  const { spec } = container;
  const [path = '', ...args] = commandWords(container, image);
  return {
    Id: container.id,
    Created: container.createdAt,
    Path: path,
    Args: args,
    Name: `/${containerName(container)}`,
    Image: container.image,
    LogPath: container.logPath,
    Platform: 'linux',
    RestartCount: Number(container.labels[label.restartCount] ?? 0),
    State: {
      Status: container.phase,
      Running: container.phase === 'running',
      Paused: false,
      Restarting: false,
      OOMKilled: container.oomKilled ?? false,
      Dead: false,
      Pid: container.pid ?? 0,
      ExitCode: container.exitCode ?? 0,
      Error: container.error ?? '',
      StartedAt: container.startedAt ?? ZERO_TIME,
      FinishedAt: container.finishedAt ?? ZERO_TIME,
    },
    Config: {
      Hostname: spec.hostname ?? '',
      User: spec.user ?? image?.config.User ?? '',
      Tty: spec.tty ?? false,
      OpenStdin: spec.stdin ?? false,
      StdinOnce: spec.stdinOnce ?? false,
      Env: [...(image?.config.Env ?? []), ...(spec.env ?? [])],
      Cmd: spec.command ?? image?.config.Cmd ?? null,
      Entrypoint: spec.entrypoint ?? image?.config.Entrypoint ?? null,
      Image: shownImage(container, image),
      WorkingDir: spec.workingDir ?? image?.config.WorkingDir ?? '',
      Labels: container.labels,
    },
    HostConfig: { Memory: spec.resources?.memoryBytes ?? 0, CpuShares: spec.resources?.cpuShares ?? 0 },
    Mounts: (spec.mounts ?? []).map(mountPoint),
    NetworkSettings: { Networks: {} },
  };
}

export function imageSummary(image: Image): object {
  return {
    Id: image.id,
    ParentId: '',
    RepoTags: image.names.map(familiar),
    RepoDigests: image.digests.map(familiar),
    Created: image.created === undefined ? 0 : Math.floor(Date.parse(image.created) / 1000),
    Size: image.size,
    SharedSize: -1,
    Containers: -1,
    Labels: image.config.Labels ?? {},
  };
}

/** The image by a name people use for it. */
function shownImage(container: Container, image: Image | undefined): string {
  const name = image?.names[0];
  return name === undefined ? container.image : familiar(name);
}

const ZERO_TIME = '0001-01-01T00:00:00Z';

/** A container of a pod is named as kubelet named them under Docker: unique, and it says whose it is. */
function containerName({ id, labels }: Container): string {
  const name = labels[label.containerName];
  if (name === undefined) return id.slice(0, 12);
  const { podName, podNamespace, podUid, restartCount } = label;
  return ['k8s', name, labels[podName], labels[podNamespace], labels[podUid], labels[restartCount] ?? '0'].join('_');
}

function commandWords({ spec }: Container, image: Image | undefined): string[] {
  const entrypoint = spec.entrypoint ?? image?.config.Entrypoint ?? [];
  const command = spec.command ?? (spec.entrypoint ? [] : (image?.config.Cmd ?? []));
  return [...entrypoint, ...command];
}

const commandLine = (container: Container, image: Image | undefined): string =>
  commandWords(container, image).join(' ');

const mountPoint = ({
  type,
  source = '',
  target,
  readOnly,
}: NonNullable<Container['spec']['mounts']>[number]): object => ({
  Type: type,
  Source: source,
  Destination: target,
  Mode: '',
  RW: !readOnly,
  Propagation: 'rprivate',
});

const familiar = (name: string): string => name.replace(/^docker\.io\/(library\/)?/, '');

function statusText({ phase, startedAt, finishedAt, exitCode }: Container, now: number): string {
  if (phase === 'created') return 'Created';
  if (phase === 'running') return `Up ${ago(now - Date.parse(startedAt!))}`;
  return `Exited (${exitCode ?? 137}) ${ago(now - Date.parse(finishedAt ?? startedAt ?? ZERO_TIME))} ago`;
}

function ago(milliseconds: number): string {
  const units: [seconds: number, word: string][] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ];
  const seconds = Math.max(1, Math.floor(milliseconds / 1000));
  const [size, word] = units.find(([unit]) => seconds >= unit)!;
  const count = Math.floor(seconds / size);
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
