import { join } from 'node:path';

/**
 * Everything a pod has on the node's disks, outside the runtime:
 *
 * ```
 * <data>/pods/<uid>/etc-hosts, hostname, resolv.conf     bind-mounted into each container
 *                   containers/<name>/<restart>          termination message
 *                   volumes/<volume>/                    emptyDir (a tmpfs of its own with medium Memory)
 *                   subpaths/<volume>/<container>/<n>    pinned subPath mounts
 * <run>/pods/<uid>/volumes/<volume>/                     configMap, secret, downwardAPI, projected: in memory only,
 *                                                        so secrets never reach a disk
 * ```
 */
export class PodPaths {
  constructor(
    readonly dataDir: string,
    readonly runDir: string,
  ) {}

  get pods(): string {
    return join(this.dataDir, 'pods');
  }

  get memoryPods(): string {
    return join(this.runDir, 'pods');
  }

  pod(uid: string): string {
    return join(this.pods, uid);
  }

  memoryPod(uid: string): string {
    return join(this.memoryPods, uid);
  }

  hosts(uid: string): string {
    return join(this.pod(uid), 'etc-hosts');
  }

  hostname(uid: string): string {
    return join(this.pod(uid), 'hostname');
  }

  resolvConf(uid: string): string {
    return join(this.pod(uid), 'resolv.conf');
  }

  terminationMessage(uid: string, container: string, restartCount: number): string {
    return join(this.pod(uid), 'containers', container, String(restartCount));
  }

  emptyDir(uid: string, volume: string): string {
    return join(this.pod(uid), 'volumes', volume);
  }

  payload(uid: string, volume: string): string {
    return join(this.memoryPod(uid), 'volumes', volume);
  }

  subPath(uid: string, volume: string, container: string, index: number): string {
    return join(this.pod(uid), 'subpaths', volume, container, String(index));
  }
}
