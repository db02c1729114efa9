import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { errorMessage } from '@gantry/base';
import { createUnderMonitor } from '../conmon/conmon';
import type { Engine } from '../engine';
import { conflict, failed, invalid, notFound } from '../errors';
import { checkId } from '../ids';
import type { ImageRecord } from '../images/image-store';
import { identifyProcess, type ProcessIdentity } from '../kernel/processes';
import { shortName } from '../paths';
import type { Container, ContainerSpec } from '../runtime';
import { snapshotKey } from '../snapshots/chain-id';
import { discardContainer } from './discard';
import { prepareContainer } from './prepare';
import { toContainer, type ContainerRecord } from './record';

/** Makes a container up to the moment before its program runs. One that is there with the same image is answered as it is. */
export async function createContainer(engine: Engine, spec: ContainerSpec): Promise<Container> {
  checkId('container', spec.id);
  return engine.table.lock.run(spec.id, async () => {
    const image = engine.images.find(spec.image);
    if (!image) throw notFound('image', spec.image);
    const existing = engine.table.get(spec.id);
    if (existing) {
      if (existing.image === image.id && existing.sandbox === spec.sandbox) return toContainer(existing);
      throw conflict(`container ${spec.id} exists with another image or sandbox`);
    }
    const record = describe(engine, spec, image);
    try {
      // The folder alone marks a half-made container: whoever finds it without a record clears it away.
      await mkdir(engine.paths.container(spec.id).data, { recursive: true });
      const config = await prepareContainer(engine, record, image.config);
      const made = await launch(engine, record);
      await engine.filters.learn(config, join(engine.paths.oci, spec.id));
      return await engine.table.put(made, { durably: true, event: 'created' });
    } catch (error) {
      await discardContainer(engine, spec.id, record);
      throw error;
    }
  });
}

function describe(engine: Engine, spec: ContainerSpec, image: ImageRecord): ContainerRecord {
  const sandbox = spec.sandbox === undefined ? undefined : engine.sandboxes.require(spec.sandbox);
  return {
    id: spec.id,
    ...(spec.sandbox !== undefined && { sandbox: spec.sandbox }),
    image: image.id,
    phase: 'created',
    createdAt: new Date(engine.clock.now()).toISOString(),
    labels: spec.labels ?? {},
    logPath: spec.log?.path ?? engine.paths.container(spec.id).log,
    spec,
    cgroup: cgroupPath(engine.cgroupParent, spec.cgroup ?? sandbox?.cgroup ?? sandbox?.id, spec.id),
    layers: image.chain.map(snapshotKey).reverse(),
  };
}

function cgroupPath(parent: string, group: string | undefined, id: string): string {
  const path = posix.join(parent, group ?? '', id);
  if (!path.startsWith(`${parent}/`)) throw invalid(`cgroup ${group ?? ''} leads out of ${parent}`);
  return path;
}

/** Starts the monitor, which has the container created. The answer knows the processes. */
export async function launch(engine: Engine, record: ContainerRecord): Promise<ContainerRecord> {
  const paths = engine.paths.container(record.id);
  const { tty = false, stdin = false, stdinOnce = false } = record.spec;
  // Those of an earlier run would be taken for this one's.
  await Promise.all([paths.exit, paths.oom].map((file) => rm(file, { force: true })));
  const pid = await createUnderMonitor(
    engine.conmon,
    {
      id: record.id,
      link: shortName(record.id),
      bundle: paths.bundle,
      pidFile: paths.pid,
      monitorPidFile: paths.monitorPid,
      exitDir: engine.paths.exits,
      persistDir: paths.persist,
      socketDir: engine.paths.sockets,
      logPath: record.logPath,
      ...{ tty, stdin, stdinOnce },
    },
    engine.oci,
  );
  const process = identifyProcess(pid);
  if (!process) throw failed(`container ${record.id} ended while it was created`);
  return { ...record, phase: 'created', process, ...(await monitorOf(engine, record.id)) };
}

async function monitorOf(engine: Engine, id: string): Promise<{ monitor?: ProcessIdentity }> {
  try {
    const monitor = identifyProcess(Number(await readFile(engine.paths.container(id).monitorPid, 'utf8')));
    return monitor ? { monitor } : {};
  } catch (error) {
    engine.logger.warn({ container: id, error: errorMessage(error) }, 'conmon left no pid');
    return {};
  }
}
