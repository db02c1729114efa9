import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeCgroup } from '../cgroups/remove';
import type { Engine } from '../engine';
import { unmountIfMounted } from '../kernel/mounts';
import { identifyProcess, signalProcess } from '../kernel/processes';
import { shortName } from '../paths';

const SIGKILL = 9;

/** Takes away whatever there is of a container, in whatever state it was left. May be repeated. */
export async function discardContainer(engine: Engine, id: string, known: { cgroup?: string }): Promise<void> {
  const paths = engine.paths.container(id);
  await engine.oci.delete(id);
  await unmountIfMounted(paths.rootfs);
  const cgroup = known.cgroup ?? (await configuredCgroup(paths.config));
  if (cgroup?.startsWith(`${engine.cgroupParent}/`)) await removeCgroup(engine.cgroups, cgroup, engine.clock);
  const remains = [paths.run, paths.exit, join(engine.paths.sockets, shortName(id)), paths.data];
  await Promise.all(remains.map((path) => rm(path, { recursive: true, force: true })));
}

async function configuredCgroup(configPath: string): Promise<string | undefined> {
  try {
    const config = JSON.parse(await readFile(configPath, 'utf8')) as { linux: { cgroupsPath: string } };
    return config.linux.cgroupsPath;
  } catch {
    // It was never written, or not wholly: then no runtime made the group either.
    return undefined;
  }
}

/** Ends a creation that goes on without us: it would bring back what is deleted. */
export async function endCreation(bundle: string): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const words = command.split('\0');
    if (!/(^|\/)(conmon|crun|runc)$/.test(words[0]!) || !words.includes(bundle)) continue;
    const creator = identifyProcess(pid);
    if (creator) signalProcess(creator, SIGKILL);
  }
}
