import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { errorMessage } from '@gantry/base';
import { failed } from '../errors';
import { runtimeMessage, type OciRuntime } from './oci-runtime';
import { readSyncMessages, type SyncMessages } from './sync-pipe';

/**
 * conmon stays beside a container as long as it lives: it holds its stdio, writes its log and leaves its exit code
 * in a file. It needs nobody above it, so containers outlive the engine.
 */
export interface MonitorRequest {
  /** Container id. */
  id: string;
  /** Name of the short link by which conmon reaches the bundle's sockets. */
  link: string;
  bundle: string;
  pidFile: string;
  monitorPidFile: string;
  exitDir: string;
  persistDir: string;
  socketDir: string;
  logPath: string;
  tty: boolean;
  stdin: boolean;
  stdinOnce: boolean;
  /** Beside a running container: another process in it, described by this file. */
  execSpec?: string;
}

const SYNC_FD = 3;
const START_FD = 4;
const ATTACH_FD = 5;

export function conmonArguments(request: MonitorRequest, oci: OciRuntime): string[] {
  const { id, link, bundle, pidFile, monitorPidFile, exitDir, persistDir, socketDir, logPath } = request;
  return [
    ...['--api-version', '1', '-c', id, '-u', link, '-n', id, '-r', oci.path, '-b', bundle],
    ...['-p', pidFile, '-P', monitorPidFile, '--exit-dir', exitDir, '--persist-dir', persistDir],
    ...['--socket-dir-path', socketDir, '-l', `k8s-file:${logPath}`],
    ...(request.tty ? ['-t'] : []),
    ...(request.stdin ? ['-i'] : []),
    ...(request.stdin && !request.stdinOnce ? ['--leave-stdin-open'] : []),
    ...(request.execSpec === undefined ? [] : ['-e', '--exec-attach', '--exec-process-spec', request.execSpec]),
    ...oci.globalArguments.flatMap((argument) => ['--runtime-arg', argument]),
  ];
}

/** Starts a monitor, which has the OCI runtime create the container. Resolves with the pid of its first process. Throws Failed. */
export async function createUnderMonitor(conmon: string, request: MonitorRequest, oci: OciRuntime): Promise<number> {
  const { child, sync } = launch(conmon, request, oci, ['ignore', 'ignore', 'pipe', 'pipe'], {
    _OCI_SYNCPIPE: SYNC_FD,
  });
  try {
    return await pidFrom(sync, child, oci);
  } finally {
    sync.close();
    child.stderr?.destroy();
  }
}

export interface MonitoredExec {
  /** To be called once the terminal's socket is connected: then the process starts, and no output is lost. */
  begin(): Promise<{ pid: number; exitCode: Promise<number> }>;
}

/** Starts a monitor for another process in a running container, and resolves when its terminal can be attached to. */
export async function execUnderMonitor(
  conmon: string,
  request: MonitorRequest,
  oci: OciRuntime,
): Promise<MonitoredExec> {
  const stdio: ('ignore' | 'pipe')[] = ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'];
  const pipes = { _OCI_SYNCPIPE: SYNC_FD, _OCI_STARTPIPE: START_FD, _OCI_ATTACHPIPE: ATTACH_FD };
  const { child, sync } = launch(conmon, request, oci, stdio, pipes);
  const go = child.stdio[START_FD] as NodeJS.WritableStream;
  const attachable = readSyncMessages((child.stdio as unknown[])[ATTACH_FD] as NodeJS.ReadableStream);
  // The first byte lets it begin, the second lets the process run.
  go.write('\n');
  await attachable.next();
  attachable.close();
  return {
    async begin() {
      go.end('\n');
      const pid = await pidFrom(sync, child, oci);
      const exitCode = sync
        .next()
        .then(({ data }) => data)
        .finally(() => {
          sync.close();
        });
      return { pid, exitCode };
    },
  };
}

function launch(
  conmon: string,
  request: MonitorRequest,
  oci: OciRuntime,
  stdio: ('ignore' | 'pipe')[],
  pipes: Record<string, number>,
): { child: ChildProcess; sync: SyncMessages } {
  const numbers = Object.entries(pipes).map(([name, fd]) => [name, String(fd)]);
  const env = { PATH: process.env.PATH, ...Object.fromEntries(numbers) } as NodeJS.ProcessEnv;
  // conmon notes an out-of-memory kill in its working directory, too.
  const child = spawn(conmon, conmonArguments(request, oci), { stdio, env, cwd: request.bundle });
  // A program that can't be started closes its pipes, which whoever reads them notices; the reason is told there.
  child.on('error', () => undefined);
  return { child, sync: readSyncMessages(child.stdio[SYNC_FD] as NodeJS.ReadableStream) };
}

async function pidFrom(sync: SyncMessages, child: ChildProcess, oci: OciRuntime): Promise<number> {
  const complaint = collect(child.stderr);
  const { data, message } = await sync.next().catch(async (error: unknown) => {
    throw failed(`conmon ended early: ${runtimeMessage(await complaint) || errorMessage(error)}`);
  });
  if (data > 1) return data;
  throw failed(`${oci.name} create: ${runtimeMessage(message ?? '') || `failed with ${data}`}`);
}

/** The end of what a stream says until it closes. */
async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (!stream) return '';
  let said = '';
  stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4096)));
  await once(stream, 'close');
  return said;
}
