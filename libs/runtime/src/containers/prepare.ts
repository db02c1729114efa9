import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '@gantry/base';
import type { Engine } from '../engine';
import { failed } from '../errors';
import { mountOverlay, mountsBelow } from '../kernel/mounts';
import type { ContainerSpec, ImageConfig, Mount, Sandbox } from '../runtime';
import { loadProfile, resolveProfile } from '../seccomp/profile';
import { buildSpec, type SpecInput } from '../spec/build-spec';
import { containerCapabilities } from '../spec/capabilities';
import { hostDevices } from '../spec/devices';
import type { OciSeccomp, OciSpec } from '../spec/oci-spec';
import { readRootFile } from '../spec/root-file';
import { resolveUser, type ResolvedUser } from '../spec/user';
import type { ContainerRecord } from './record';

/** Makes what a container needs before its monitor starts: folders, the mounted root, the OCI configuration, which it returns. */
export async function prepareContainer(engine: Engine, record: ContainerRecord, image: ImageConfig): Promise<OciSpec> {
  const { spec } = record;
  const sandbox = spec.sandbox === undefined ? undefined : engine.sandboxes.require(spec.sandbox);
  const paths = engine.paths.container(record.id);
  await Promise.all([
    ...[paths.bundle, paths.upper, paths.work, paths.rootfs, paths.persist].map((folder) =>
      mkdir(folder, { recursive: true }),
    ),
    mkdir(dirname(record.logPath), { recursive: true }),
    ...(spec.mounts ?? []).map(checkSource),
  ]);
  await mountRoot(engine, record);
  const input = await specInput(engine, record, image, sandbox);
  const config = engine.filters.withFilter(buildSpec(input));
  await writeFile(paths.config, JSON.stringify(config), { mode: 0o600 });
  return config;
}

async function checkSource({ type, source, createSource }: Mount): Promise<void> {
  if (type !== 'bind' || source === undefined) return;
  try {
    await stat(source);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    if (!createSource) throw failed(`mount source ${source} does not exist`);
    await mkdir(source, { recursive: true });
  }
}

async function mountRoot(engine: Engine, record: ContainerRecord): Promise<void> {
  const { upper, work, rootfs } = engine.paths.container(record.id);
  const lower = engine.snapshots.lowerFolders(record.layers);
  await mountOverlay({ base: engine.paths.snapshots, lower, upper, work, target: rootfs });
}

/** Mounts the root of an ended container again if a reboot took it. */
export async function remountRoot(engine: Engine, record: ContainerRecord): Promise<void> {
  const { rootfs } = engine.paths.container(record.id);
  if ((await mountsBelow(rootfs)).length === 0) await mountRoot(engine, record);
}

async function specInput(
  engine: Engine,
  record: ContainerRecord,
  image: ImageConfig,
  sandbox: Sandbox | undefined,
): Promise<SpecInput> {
  const { spec } = record;
  const { rootfs } = engine.paths.container(record.id);
  const shared = sandboxInput(engine, sandbox);
  const seccomp = await seccompOf(spec, engine);
  return {
    container: spec,
    image,
    rootfs,
    cgroup: record.cgroup,
    user: containerUser(rootfs, spec.user ?? image.User ?? '', spec.supplementalGroups),
    hostname: spec.hostname ?? sandbox?.hostname ?? spec.id.slice(0, 12),
    ...shared,
    abilities: engine.abilities,
    ...(seccomp && { seccomp }),
    devices: hostDevices,
  };
}

export const containerUser = (rootfs: string, user: string, supplemental?: number[]): ResolvedUser =>
  resolveUser(user, readRootFile(rootfs, '/etc/passwd'), readRootFile(rootfs, '/etc/group'), supplemental);

function sandboxInput(engine: Engine, sandbox: Sandbox | undefined): Pick<SpecInput, 'namespaces' | 'shm'> {
  if (!sandbox) return { namespaces: {} };
  const { network, ipc, uts, shm } = engine.paths.sandbox(sandbox.id);
  const privateIpc = sandbox.ipc === 'private';
  return {
    namespaces: { uts, network: sandbox.network === 'private' ? network : 'host', ipc: privateIpc ? ipc : 'host' },
    shm: privateIpc ? shm : '/dev/shm',
  };
}

async function seccompOf(spec: ContainerSpec, engine: Engine): Promise<OciSeccomp | undefined> {
  const security = spec.security ?? {};
  const profile = await loadProfile(security);
  return profile && resolveProfile(profile, containerCapabilities(security, engine.abilities.capabilities));
}
