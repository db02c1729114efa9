import { invalid } from '../errors';
import type { ContainerSpec, ImageConfig, Resources, Security } from '../runtime';
import { containerCapabilities } from './capabilities';
import { allDeviceRules, defaultDeviceRules } from './devices';
import type { HostAbilities } from './host-abilities';
import { baseMounts, mergeMounts } from './mounts';
import type { OciDevice, OciProcess, OciResources, OciSeccomp, OciSpec } from './oci-spec';
import type { ResolvedUser } from './user';

export interface SpecInput {
  container: ContainerSpec;
  image: ImageConfig;
  rootfs: string;
  cgroup: string;
  user: ResolvedUser;
  hostname: string;
  /** Pinned namespaces to join; `host` keeps the node's; nothing makes one for this container alone. */
  namespaces: { network?: string; ipc?: string; uts?: string };
  /** Shared memory of the sandbox. */
  shm?: string;
  abilities: HostAbilities;
  seccomp?: OciSeccomp;
  /** Only looked at for a privileged container. */
  devices: () => OciDevice[];
}

const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const maskedPaths = `/proc/asound /proc/acpi /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list
  /proc/timer_stats /proc/sched_debug /proc/scsi /sys/firmware /sys/devices/virtual/powercap`.split(/\s+/);

const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** The complete OCI configuration of a container. Pure: everything about the node comes in. */
export function buildSpec(input: SpecInput): OciSpec {
  const { container, rootfs, cgroup, namespaces, shm, abilities, seccomp } = input;
  const security = container.security ?? {};
  const privileged = security.privileged === true;
  const unmasked = privileged || security.unmaskedProc === true;
  const base = baseMounts({ writableKernel: privileged, ...(shm !== undefined && { shm }) });
  return {
    ociVersion: '1.0.2',
    process: buildProcess(input),
    root: { path: rootfs, readonly: security.readOnlyRootfs === true },
    ...(namespaces.uts === undefined && { hostname: input.hostname }),
    mounts: mergeMounts(base, container.mounts ?? []),
    linux: {
      namespaces: buildNamespaces(container, namespaces, abilities),
      cgroupsPath: cgroup,
      resources: buildResources(container.resources ?? {}, privileged),
      ...(privileged && { devices: input.devices() }),
      ...(seccomp && { seccomp }),
      ...(!unmasked && { maskedPaths, readonlyPaths }),
      ...rootPropagation(container),
    },
  };
}

function buildProcess({ container, image, user, hostname, abilities }: SpecInput): OciProcess {
  const security = container.security ?? {};
  const oomScoreAdj = container.resources?.oomScoreAdj;
  return {
    terminal: container.tty === true,
    user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
    args: processArguments(container, image),
    env: processEnvironment(container, image, hostname, user.home),
    cwd: container.workingDir || image.WorkingDir || '/',
    ...privileges(security, abilities),
    ...(oomScoreAdj !== undefined && { oomScoreAdj: Math.max(oomScoreAdj, abilities.minimumOomScoreAdj) }),
  };
}

/** Sets other than those of root's own are empty: a program started as another user has no capability it was not born with. */
function privileges(
  security: Security,
  abilities: HostAbilities,
): Pick<OciProcess, 'capabilities' | 'noNewPrivileges'> {
  const set = containerCapabilities(security, abilities.capabilities);
  return {
    capabilities: { bounding: set, effective: set, permitted: set, inheritable: [], ambient: [] },
    noNewPrivileges: security.noNewPrivileges === true,
  };
}

/** Entrypoint and command over the image's, by Docker's rule: a new entrypoint makes the image's command meaningless. */
export function processArguments(container: ContainerSpec, image: ImageConfig): string[] {
  const entrypoint = container.entrypoint ?? image.Entrypoint ?? [];
  const command = container.command ?? (container.entrypoint === undefined ? (image.Cmd ?? []) : []);
  const all = [...entrypoint, ...command];
  if (all.length === 0) throw invalid(`no command specified for container ${container.id}: the image has none either`);
  return all;
}

function processEnvironment(container: ContainerSpec, image: ImageConfig, hostname: string, home: string): string[] {
  const terminal = container.tty ? ['TERM=xterm'] : [];
  return mergeEnvironment(
    [DEFAULT_PATH, `HOSTNAME=${hostname}`, ...terminal, `HOME=${home}`],
    image.Env ?? [],
    container.env ?? [],
  );
}

/** Later lists win; a variable keeps the place where it first stood. */
export function mergeEnvironment(...lists: string[][]): string[] {
  const merged = new Map<string, string>();
  for (const variable of lists.flat()) merged.set(variable.split('=', 1)[0]!, variable);
  return [...merged.values()];
}

function buildNamespaces(
  container: ContainerSpec,
  pinned: SpecInput['namespaces'],
  abilities: HostAbilities,
): OciSpec['linux']['namespaces'] {
  const shared = (['network', 'ipc', 'uts'] as const)
    .filter((type) => pinned[type] !== 'host')
    .map((type) => ({ type, ...(pinned[type] !== undefined && { path: pinned[type] }) }));
  return [
    { type: 'mount' },
    ...(container.pid === 'host' ? [] : [{ type: 'pid' as const }]),
    ...shared,
    // Under v1 the container sees its own groups anyway: the runtime mounts nothing else.
    ...(abilities.cgroupVersion === 2 ? [{ type: 'cgroup' as const }] : []),
  ];
}

function buildResources(resources: Resources, privileged: boolean): OciResources {
  const { cpuShares: shares, cpuQuota: quota, cpuPeriod: period, cpusetCpus: cpus } = resources;
  const { memoryBytes: limit, memorySwapBytes: swap, pids } = resources;
  return {
    devices: privileged ? allDeviceRules : defaultDeviceRules,
    ...present('cpu', { shares, quota, period, cpus }),
    ...present('memory', { limit, swap }),
    ...(pids !== undefined && { pids: { limit: pids } }),
  };
}

/** The object under its key without its undefined fields, or nothing when none is left. */
function present<K extends string, T extends object>(key: K, fields: T): { [key in K]?: T } {
  const defined = Object.entries(fields).filter(([, value]) => value !== undefined);
  return defined.length === 0 ? {} : ({ [key]: Object.fromEntries(defined) } as { [key in K]?: T });
}

/** A mount can only pass events on when the root it hangs in does. */
function rootPropagation({ mounts = [] }: ContainerSpec): { rootfsPropagation?: string } {
  if (mounts.some(({ propagation }) => propagation === 'rshared')) return { rootfsPropagation: 'rshared' };
  if (mounts.some(({ propagation }) => propagation === 'rslave')) return { rootfsPropagation: 'rslave' };
  return {};
}
