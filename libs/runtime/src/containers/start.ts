import { errorMessage } from '@gantry/base';
import type { Engine } from '../engine';
import { conflict, failed } from '../errors';
import type { Container } from '../runtime';
import { launch } from './create';
import { remountRoot } from './prepare';
import { toContainer, type ContainerRecord } from './record';

/** Runs a created container's program; an ended one is made again over its own files. */
export function startContainer(engine: Engine, id: string): Promise<Container> {
  return engine.table.lock.run(id, async () => {
    const record = engine.table.require(id);
    if (record.phase === 'running') return toContainer(record);
    const ready = record.phase === 'exited' ? await relaunch(engine, record) : record;
    try {
      await engine.oci.start(id);
    } catch (error) {
      return await startFailed(engine, ready, error);
    }
    const startedAt = new Date(engine.clock.now()).toISOString();
    return engine.table.put({ ...ready, phase: 'running', startedAt }, { durably: false, event: 'started' });
  });
}

async function relaunch(engine: Engine, record: ContainerRecord): Promise<ContainerRecord> {
  if (record.sandbox !== undefined && !engine.sandboxes.get(record.sandbox)) {
    throw conflict(`sandbox ${record.sandbox} of container ${record.id} is gone`);
  }
  await engine.oci.delete(record.id);
  await remountRoot(engine, record);
  const { finishedAt, exitCode, oomKilled, error, startedAt, ...fresh } = record;
  const made = await launch(engine, fresh);
  await engine.table.put(made, { durably: false, event: 'created' });
  return made;
}

/** What shells answer when a command is there but can't be run. */
const CANNOT_EXECUTE = 128;

async function startFailed(engine: Engine, record: ContainerRecord, error: unknown): Promise<never> {
  const { process, monitor, ...rest } = record;
  await engine.oci.delete(record.id);
  const finishedAt = new Date(engine.clock.now()).toISOString();
  const ended = { ...rest, phase: 'exited' as const, finishedAt, exitCode: CANNOT_EXECUTE, error: errorMessage(error) };
  await engine.table.put(ended, { durably: true, event: 'exited' });
  throw failed(`container ${record.id} did not start: ${ended.error}`, error);
}
