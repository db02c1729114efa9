import { posix } from 'node:path';
import { removeCgroup } from '../cgroups/remove';
import { removeContainer } from '../containers/remove';
import type { Engine } from '../engine';
import type { Sandbox, Sandboxes, SandboxSpec } from '../runtime';

/** The sandboxes of this node, as the engine's users see them. */
export class NodeSandboxes implements Sandboxes {
  constructor(private readonly engine: Engine) {}

  create(spec: SandboxSpec): Promise<Sandbox> {
    return this.engine.sandboxes.create(spec);
  }

  get(id: string): Promise<Sandbox | undefined> {
    return Promise.resolve(this.engine.sandboxes.get(id));
  }

  list(): Promise<Sandbox[]> {
    return Promise.resolve(this.engine.sandboxes.list());
  }

  async remove(id: string): Promise<void> {
    const { sandboxes, table, cgroups, cgroupParent, clock } = this.engine;
    const sandbox = sandboxes.get(id);
    const members = table.list().filter((container) => container.sandbox === id);
    await Promise.all(members.map((container) => removeContainer(this.engine, container.id)));
    await sandboxes.remove(id);
    if (!sandbox) return;
    const group = posix.join(cgroupParent, sandbox.cgroup ?? id);
    // Another sandbox may have been given the same group.
    const inUse = (path: string) => table.list().some(({ cgroup }) => cgroup === path || cgroup.startsWith(`${path}/`));
    if (group.startsWith(`${cgroupParent}/`)) await removeCgroup(cgroups, group, clock, inUse);
  }
}
