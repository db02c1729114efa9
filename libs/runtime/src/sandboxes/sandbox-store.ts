import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { writeFileDurably, type Clock } from '@gantry/base';
import { conflict, notFound } from '../errors';
import { checkId } from '../ids';
import { mount, MountFlag } from '../kernel/libc';
import { isNamespace, mountsBelow, unmountIfMounted } from '../kernel/mounts';
import { makeNamespaces } from '../kernel/namespaces';
import { KeyedLock } from '../keyed-lock';
import type { Logger } from '../logger';
import type { Paths } from '../paths';
import type { Sandbox, SandboxSpec } from '../runtime';
import { kernelParameters } from './parameters';

const SHM_BYTES = 64 * 1024 * 1024;

/** The node's own namespaces, by the paths the kernel gives them. */
const HOST_NETWORK = '/proc/1/ns/net';

/**
 * Keeps sandboxes: namespaces pinned in the file system and a record of each.
 * A record is written before anything is made and removed after everything is gone, so a crash leaves nothing unknown.
 */
export class SandboxStore {
  private readonly sandboxes = new Map<string, Sandbox>();
  private readonly lock = new KeyedLock();

  constructor(
    private readonly paths: Paths,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Reads the records, and removes what a crash or a reboot left without its namespaces. */
  async open(): Promise<void> {
    for (const folder of [this.paths.sandboxes, this.paths.runningSandboxes, this.paths.networkNamespaces]) {
      await mkdir(folder, { recursive: true });
    }
    const ids = (await readdir(this.paths.sandboxes)).filter((name) => /^[^.].*\.json$/.test(name));
    await Promise.all(ids.map((name) => this.load(name.slice(0, -'.json'.length))));
  }

  private async load(id: string): Promise<void> {
    const sandbox = await this.read(id);
    if (sandbox && (await this.isWhole(sandbox))) {
      this.sandboxes.set(id, sandbox);
      return;
    }
    this.logger.info({ sandbox: id }, 'removing a sandbox whose namespaces are gone');
    await this.dispose(id);
  }

  private async read(id: string): Promise<Sandbox | undefined> {
    try {
      return JSON.parse(await readFile(this.paths.sandboxRecord(id), 'utf8')) as Sandbox;
    } catch (error) {
      this.logger.warn({ sandbox: id, error }, 'unreadable sandbox record');
      return undefined;
    }
  }

  private async isWhole(sandbox: Sandbox): Promise<boolean> {
    const { uts, ipc, network } = this.paths.sandbox(sandbox.id);
    const pinned = [
      uts,
      ...(sandbox.network === 'private' ? [network] : []),
      ...(sandbox.ipc === 'private' ? [ipc] : []),
    ];
    return (await Promise.all(pinned.map(isNamespace))).every(Boolean);
  }

  /** Answers with the one that is there when the id is known and the wish is the same. */
  async create(spec: SandboxSpec): Promise<Sandbox> {
    checkId('sandbox', spec.id);
    return this.lock.run(spec.id, async () => {
      const existing = this.sandboxes.get(spec.id);
      if (existing) {
        if (existing.hostname === spec.hostname && existing.network === spec.network) return existing;
        throw conflict(`sandbox ${spec.id} exists with another hostname or network`);
      }
      const sandbox = this.describe(spec);
      try {
        await this.make(sandbox);
      } catch (error) {
        await this.dispose(spec.id);
        throw error;
      }
      this.sandboxes.set(spec.id, sandbox);
      return sandbox;
    });
  }

  private describe(spec: SandboxSpec): Sandbox {
    return {
      ...spec,
      networkNamespace: spec.network === 'private' ? this.paths.sandbox(spec.id).network : HOST_NETWORK,
      createdAt: new Date(this.clock.now()).toISOString(),
    };
  }

  private async make(sandbox: Sandbox): Promise<void> {
    const privateNetwork = sandbox.network === 'private';
    const privateIpc = sandbox.ipc === 'private';
    const parameters = kernelParameters(sandbox.sysctls ?? {}, { network: privateNetwork, ipc: privateIpc });
    const { run, uts, ipc, network, shm } = this.paths.sandbox(sandbox.id);
    await Promise.all([
      writeFileDurably(this.paths.sandboxRecord(sandbox.id), JSON.stringify(sandbox)),
      mkdir(privateIpc ? shm : run, { recursive: true }),
    ]);
    makeNamespaces({
      hostname: sandbox.hostname,
      paths: { uts, ...(privateNetwork && { network }), ...(privateIpc && { ipc }) },
      parameters,
    });
    if (privateIpc)
      mount('shm', shm, 'tmpfs', MountFlag.noSuid | MountFlag.noDev | MountFlag.noExec, `mode=1777,size=${SHM_BYTES}`);
  }

  get(id: string): Sandbox | undefined {
    return this.sandboxes.get(id);
  }

  /** Throws NotFound. */
  require(id: string): Sandbox {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox) throw notFound('sandbox', id);
    return sandbox;
  }

  list(): Sandbox[] {
    return [...this.sandboxes.values()];
  }

  /** Its containers are gone already. */
  async remove(id: string): Promise<void> {
    checkId('sandbox', id);
    return this.lock.run(id, async () => {
      this.sandboxes.delete(id);
      await this.dispose(id);
    });
  }

  private async dispose(id: string): Promise<void> {
    const { run, network } = this.paths.sandbox(id);
    await Promise.all([...(await mountsBelow(run)), network].map(unmountIfMounted));
    await Promise.all([rm(run, { recursive: true, force: true }), rm(network, { force: true })]);
    await rm(this.paths.sandboxRecord(id), { force: true });
  }
}
