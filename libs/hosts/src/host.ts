import { spawn } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeCgroups } from './cgroups';
import { command, ip } from './command';
import { linkExists, type Lan } from './lan';
import { identify, isAlive, readPidFile, signal, writePidFile, type ProcessId } from './process-id';
import { until } from './until';

/** A host of its own on this machine: processes, mounts, host name and network apart from everything else's. */
export interface HostSpec {
  name: string;
  /** Its address on the LAN. */
  address: string;
  lan: Lan;
  /** Folder for its pid file and console; survives power-off, as a disk does. */
  folder: string;
  /** Cgroup below which its containers run, e.g. `/gantry/node-1`. */
  cgroup: string;
}

// Runs as PID 1 of the host. It tells its PID while the machine's /proc is still mounted, then makes the mounts its own:
// crun refuses hybrid cgroups, so the v2 hierarchy is hidden where v1 holds the controllers (under a file
// system of the host's own, because crun leaves files there); tini reaps orphans,
// which conmon makes on purpose.
const INIT = `
set -e
read -r pid rest </proc/self/stat
mount -t proc proc /proc
if [ -d /sys/fs/cgroup/unified ]; then
  umount /sys/fs/cgroup/unified
  mount -t tmpfs tmpfs /sys/fs/cgroup/unified
fi
mkdir -p /run/netns
mount -t tmpfs -o mode=755 tmpfs /run/netns
hostname "$1"
ip link set lo up
echo "$pid" >"$2"
exec tini -- sleep infinity
`;

/** The host's first process, while the host is on. */
export function findHost(spec: HostSpec): Promise<ProcessId | undefined> {
  return readPidFile(join(spec.folder, 'init.pid'));
}

/** Switches the host on and plugs it into the LAN; answers with the running one if it is on. */
export async function powerOn(spec: HostSpec): Promise<ProcessId> {
  const running = await findHost(spec);
  if (running) return running;
  await reclaim(spec);
  await mkdir(spec.folder, { recursive: true });
  const told = join(spec.folder, 'init.told');
  await rm(told, { force: true });
  const console = await open(join(spec.folder, 'console.log'), 'a');
  const launcher = spawn(
    'unshare',
    [
      '--net',
      '--mount',
      '--pid',
      '--uts',
      '--ipc',
      '--fork',
      '--propagation',
      'private',
      'sh',
      '-c',
      INIT,
      'init',
      spec.name,
      told,
    ],
    { detached: true, stdio: ['ignore', console.fd, console.fd] },
  );
  launcher.unref();
  await console.close();
  const init = await until(`host ${spec.name} to boot`, 10_000, () => readToldPid(told));
  await plugIn(spec, init);
  await writePidFile(join(spec.folder, 'init.pid'), init);
  return init;
}

async function readToldPid(path: string): Promise<ProcessId | undefined> {
  const text = (await command('cat', [path])).trim();
  return text ? identify(Number(text)) : undefined;
}

async function plugIn(spec: HostSpec, init: ProcessId): Promise<void> {
  const port = portName(spec.name);
  await ip([
    `link add ${port} type veth peer name eth0 netns ${init.pid}`,
    `link set ${port} master ${spec.lan.bridge} up`,
  ]);
  const inside = ['-t', String(init.pid), '--net', 'ip', '-batch', '-'];
  const lines = [
    `address add ${spec.address}/${spec.lan.prefixLength} dev eth0`,
    'link set eth0 up',
    ...spec.lan.ranges.map((range) => `route add unreachable ${range} metric 4096`),
  ];
  await command('nsenter', inside, lines.join('\n') + '\n');
}

/**
 * The command line that runs a program on the host; the program sees the host's processes, mounts and network only.
 * nsenter stays as its parent, outside: the program is tied to it, so that ending one ends both.
 */
export function onHost(init: ProcessId, program: string[]): string[] {
  const enter = ['nsenter', '-t', String(init.pid), '--mount', '--net', '--pid', '--uts', '--ipc', '--'];
  return [...enter, 'setpriv', '--pdeathsig', 'KILL', ...program];
}

/** Pulls the plug: every process of the host dies at once, its mounts and network are gone, its folder stays. */
export async function powerOff(spec: HostSpec): Promise<void> {
  const init = await findHost(spec);
  if (init) {
    signal(init, 'SIGKILL');
    await until(`host ${spec.name} to go down`, 10_000, () => !isAlive(init));
  }
  await reclaim(spec);
}

/** What a host that lost its power leaves in the machine's kernel: its LAN port and its cgroups. */
async function reclaim(spec: HostSpec): Promise<void> {
  await rm(join(spec.folder, 'init.pid'), { force: true });
  const port = portName(spec.name);
  if (await linkExists(port)) {
    // The kernel may be removing it at this very moment, with the network namespace of its other end.
    await command('ip', ['link', 'delete', port]).catch(async (error: unknown) => {
      if (await linkExists(port)) throw error;
    });
  }
  await removeCgroups(spec.cgroup);
}

// Linux allows 15 characters.
function portName(host: string): string {
  return `gp-${host}`.slice(0, 15);
}
