import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Pod } from '@gantry/api';
import type { PodPaths } from '../pod-paths';
import { podHostname } from './hostname';
import { hostsFile, nodeHostsFile } from './hosts-file';
import { resolvConf, type ClusterDns } from './resolv-conf';

/**
 * Writes the files that every container of a pod finds under /etc. They are written in place, never replaced:
 * containers hold them by bind mounts, and the hosts file learns the pod's address after they are made.
 */
export class PodFiles {
  constructor(
    private readonly paths: PodPaths,
    private readonly dns: () => ClusterDns,
  ) {}

  /** Makes all files; a hosts file that is there stays, since it may know the address already. */
  async prepare(pod: Pod): Promise<void> {
    const { uid } = pod.metadata;
    const { hostname } = podHostname(pod, this.dns().domain);
    await mkdir(this.paths.pod(uid), { recursive: true, mode: 0o750 });
    const nodeResolver = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
    await Promise.all([
      writeFile(this.paths.hosts(uid), '', { flag: 'a', mode: 0o644 }),
      writeFile(this.paths.hostname(uid), `${hostname}\n`, { mode: 0o644 }),
      writeFile(this.paths.resolvConf(uid), resolvConf(pod, this.dns(), nodeResolver), { mode: 0o644 }),
    ]);
  }

  async writeHosts(pod: Pod, ips: string[]): Promise<void> {
    const { uid } = pod.metadata;
    const { hostNetwork, hostAliases } = pod.spec;
    await mkdir(this.paths.pod(uid), { recursive: true, mode: 0o750 });
    const text = hostNetwork
      ? nodeHostsFile(await readFile('/etc/hosts', 'utf8'), hostAliases)
      : hostsFile(podHostname(pod, this.dns().domain), ips, hostAliases);
    await writeFile(this.paths.hosts(uid), text, { mode: 0o644 });
  }
}
