import { createHash } from 'node:crypto';
import { join } from 'node:path';

/**
 * Every file of the engine.
 *
 * ```
 * <root>/                          on disk: survives a reboot
 *   lock                           held by the one runtime that owns this root
 *   images.json                    names and digests of images
 *   content/<algorithm>/<hex>      verified blobs: manifests, configs, compressed layers
 *   content/partial/<alg>-<hex>    what has arrived of a blob
 *   snapshots/<key>/               an unpacked layer, read-only; <key> comes from its chain id
 *   snapshots/<key>.json           what it is; written last, so a layer without it is half-made
 *   staging/<uuid>/                a layer being unpacked
 *   sandboxes/<id>.json            a sandbox's record
 *   containers/<id>/
 *     state.json                   the record; a folder without it is half-made
 *     bundle/                      config.json; conmon adds attach, ctl, winsz
 *     upper/ work/                 writable layer
 *     rootfs/                      where the overlay is mounted
 *     log                          unless the container asked for another place
 * <run>/                           in memory: gone with a reboot
 *   oci/                           state of crun or runc
 *   exits/<container>              exit code, written by conmon
 *   sockets/<hash>                 conmon's short links to bundles
 *   containers/<id>/               pid, conmon.pid, persist/oom, exec/<n>/
 *   sandboxes/<id>/                uts, ipc (pinned namespaces), shm (tmpfs)
 * <netns>/<sandbox>                pinned network namespaces, where `ip netns` looks
 * ```
 */
export class Paths {
  constructor(
    readonly root: string,
    readonly run: string,
    readonly networkNamespaces: string,
  ) {}

  readonly lock = join(this.root, 'lock');
  readonly images = join(this.root, 'images.json');
  readonly content = join(this.root, 'content');
  readonly partialContent = join(this.content, 'partial');
  readonly snapshots = join(this.root, 'snapshots');
  readonly staging = join(this.root, 'staging');
  readonly sandboxes = join(this.root, 'sandboxes');
  readonly containers = join(this.root, 'containers');

  readonly oci = join(this.run, 'oci');
  readonly exits = join(this.run, 'exits');
  readonly sockets = join(this.run, 'sockets');
  readonly runningContainers = join(this.run, 'containers');
  readonly runningSandboxes = join(this.run, 'sandboxes');

  sandboxRecord(id: string): string {
    return join(this.sandboxes, `${id}.json`);
  }

  sandbox(id: string): SandboxPaths {
    const run = join(this.runningSandboxes, id);
    return {
      run,
      network: join(this.networkNamespaces, id),
      uts: join(run, 'uts'),
      ipc: join(run, 'ipc'),
      shm: join(run, 'shm'),
    };
  }

  container(id: string): ContainerPaths {
    const data = join(this.containers, id);
    const run = join(this.runningContainers, id);
    const bundle = join(data, 'bundle');
    return {
      data,
      run,
      state: join(data, 'state.json'),
      bundle,
      config: join(bundle, 'config.json'),
      control: join(bundle, 'ctl'),
      attach: join(bundle, 'attach'),
      upper: join(data, 'upper'),
      work: join(data, 'work'),
      rootfs: join(data, 'rootfs'),
      log: join(data, 'log'),
      pid: join(run, 'pid'),
      monitorPid: join(run, 'conmon.pid'),
      persist: join(run, 'persist'),
      oom: join(run, 'persist', 'oom'),
      execs: join(run, 'exec'),
      exit: join(this.exits, id),
    };
  }
}

export interface SandboxPaths {
  run: string;
  network: string;
  uts: string;
  ipc: string;
  shm: string;
}

export interface ContainerPaths {
  data: string;
  run: string;
  state: string;
  bundle: string;
  config: string;
  control: string;
  attach: string;
  upper: string;
  work: string;
  rootfs: string;
  log: string;
  pid: string;
  monitorPid: string;
  persist: string;
  oom: string;
  execs: string;
  exit: string;
}

/** Sixteen characters that stand for a longer name where a path must be short (a socket's has 107 bytes). */
export const shortName = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 16);
