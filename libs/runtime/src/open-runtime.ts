import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { systemClock, type Clock, type Closeable } from '@gantry/base';
import { RegistryClient } from '@gantry/oci';
import { openCgroups } from './cgroups/cgroups';
import { removeCgroup } from './cgroups/remove';
import { chooseOciRuntime, findProgram, OciRuntime, type OciRuntimeName } from './conmon/oci-runtime';
import { adoptContainers } from './containers/adopt';
import { ContainerTable } from './containers/container-table';
import { ExitWatch } from './containers/exits';
import { NodeContainers } from './containers/node-containers';
import { ContentStore } from './content/content-store';
import type { Engine } from './engine';
import { conflict } from './errors';
import { EventStream } from './events';
import { ImagePuller } from './images/image-puller';
import { ImageStore } from './images/image-store';
import { NodeImages } from './images/node-images';
import { tryLock } from './kernel/libc';
import type { Logger } from './logger';
import { LogRotation, type RotatedLog } from './logs/rotation';
import { Paths } from './paths';
import type { Runtime } from './runtime';
import { NodeSandboxes } from './sandboxes/node-sandboxes';
import { SandboxStore } from './sandboxes/sandbox-store';
import type { LayerLimits } from './snapshots/layer-filter';
import { FilterCache } from './seccomp/filter-cache';
import { SnapshotStore } from './snapshots/snapshot-store';
import { readHostAbilities } from './spec/host-abilities';

export interface RuntimeOptions {
  /** Folder for what outlives a reboot, e.g. `/var/lib/gantry/runtime`. One runtime at a time owns it. */
  root: string;
  /** Folder in memory for what does not, e.g. `/run/gantry/runtime`. */
  runDir: string;
  /** The cgroup that all others lie in, e.g. `/gantry/node-1`. */
  cgroupParent: string;
  /** `auto` (unless given) is crun, or runc where crun refuses the machine's cgroups. */
  ociRuntime?: 'auto' | OciRuntimeName;
  /** Where `ip netns` looks; /run/netns unless given. */
  networkNamespaceDir?: string;
  /** By registry domain: base URLs asked before the registry itself. */
  mirrors?: Record<string, string[]>;
  /** Registry domains spoken to in plain HTTP. */
  insecureRegistries?: string[];
  /** Extra certificate authorities of registries (PEM). */
  registryCa?: string;
  /** Bounds of what one layer may unpack to; 64 GiB and 2,000,000 entries unless given. */
  layerLimits?: LayerLimits;
  logger: Logger;
  clock?: Clock;
}

const DEFAULT_LAYER_LIMITS: LayerLimits = { bytes: 64 * 2 ** 30, entries: 2_000_000 };

/**
 * Opens the engine of this node: adopts what runs, finishes or removes what was half-made, and starts to watch.
 * Throws Conflict when another process has the same root open.
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const paths = new Paths(options.root, options.runDir, options.networkNamespaceDir ?? '/run/netns');
  const lock = await lockRoot(paths);
  try {
    return await openLocked(options, paths, lock);
  } catch (error) {
    await lock.close();
    throw error;
  }
}

async function lockRoot(paths: Paths): Promise<FileHandle> {
  await mkdir(paths.root, { recursive: true, mode: 0o700 });
  const file = await open(paths.lock, 'a', 0o600);
  if (tryLock(file.fd)) return file;
  await file.close();
  throw conflict(`another process has the runtime in ${paths.root} open`);
}

async function openLocked(options: RuntimeOptions, paths: Paths, lock: FileHandle): Promise<Runtime> {
  const { logger, clock = systemClock } = options;
  const events = new EventStream(logger);
  const content = new ContentStore(paths);
  const client = new RegistryClient({
    ...(options.mirrors && { mirrors: options.mirrors }),
    ...(options.insecureRegistries && { insecure: options.insecureRegistries }),
    ...(options.registryCa !== undefined && { ca: options.registryCa }),
    clock,
  });
  const engine = await makeEngine(options, paths, clock, new ContainerTable(paths, events));
  const { images, snapshots, sandboxes, table } = engine;
  await Promise.all([content.open(), images.open(), snapshots.open(), sandboxes.open()]);
  await adoptContainers(engine);
  await clearCgroups(engine);

  const exits = new ExitWatch(engine);
  const rotation = new LogRotation(() => rotatedLogs(engine), clock, logger);
  exits.open();
  rotation.open();
  const puller = new ImagePuller(client, content, snapshots, images);
  return {
    images: new NodeImages(images, puller, content, snapshots, table),
    sandboxes: new NodeSandboxes(engine),
    containers: new NodeContainers(engine),
    subscribe: (listener) => events.subscribe(listener),
    close: () => closeAll([exits, rotation, client, lock]),
  };
}

async function makeEngine(options: RuntimeOptions, paths: Paths, clock: Clock, table: ContainerTable): Promise<Engine> {
  const { logger, cgroupParent, ociRuntime = 'auto', layerLimits = DEFAULT_LAYER_LIMITS } = options;
  const cgroups = openCgroups();
  const runtimeName = await chooseOciRuntime(ociRuntime);
  const [conmon, runtimePath] = await Promise.all([findProgram('conmon'), findProgram(runtimeName)]);
  return {
    paths,
    clock,
    logger,
    cgroups,
    cgroupParent,
    abilities: readHostAbilities(cgroups.version),
    oci: new OciRuntime(runtimeName, runtimePath, paths.oci),
    filters: new FilterCache(),
    conmon,
    table,
    sandboxes: new SandboxStore(paths, clock, logger),
    images: new ImageStore(paths),
    snapshots: new SnapshotStore(paths, layerLimits),
  };
}

/** Groups that a power cut left: their containers are gone, and new ones get new groups. */
async function clearCgroups({ cgroups, cgroupParent, table, clock }: Engine): Promise<void> {
  const inUse = (path: string) => table.list().some(({ cgroup }) => cgroup === path || cgroup.startsWith(`${path}/`));
  await removeCgroup(cgroups, cgroupParent, clock, (path) => path === cgroupParent || inUse(path));
}

const rotatedLogs = ({ table, paths }: Engine): RotatedLog[] =>
  table
    .list()
    .filter(({ phase, spec }) => phase === 'running' && spec.log?.maxBytes !== undefined)
    .map(({ id, logPath, spec }) => ({ ...spec.log, path: logPath, control: paths.container(id).control }));

async function closeAll(parts: Closeable[]): Promise<void> {
  for (const part of parts) await part.close();
}
