import type { Engine } from '../engine';
import { conflict } from '../errors';
import type { ContainerStats, Resources } from '../runtime';

/** What a running container uses. Throws Conflict when it does not run: the kernel has no account of it then. */
export function containerStats(engine: Engine, id: string): ContainerStats {
  const { phase, cgroup } = engine.table.require(id);
  if (phase !== 'running') throw conflict(`container ${id} is not running`);
  return engine.cgroups.stats(cgroup);
}

/** Changes the limits of a container that has not ended, and remembers them. */
export function updateContainer(engine: Engine, id: string, resources: Resources): Promise<void> {
  return engine.table.lock.run(id, async () => {
    const record = engine.table.require(id);
    if (record.phase === 'exited') throw conflict(`container ${id} is not running`);
    engine.cgroups.update(record.cgroup, resources);
    const spec = { ...record.spec, resources: { ...record.spec.resources, ...resources } };
    await engine.table.keep({ ...record, spec });
  });
}
