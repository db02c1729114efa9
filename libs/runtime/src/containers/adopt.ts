import { mkdir, readdir } from 'node:fs/promises';
import type { Engine } from '../engine';
import { isAlive } from '../kernel/processes';
import { discardContainer, endCreation } from './discard';
import { settleExit } from './exits';
import { readRecord, type ContainerRecord } from './record';

/**
 * Brings what an earlier engine left into this one: what runs is taken over as it is, what ended meanwhile is
 * reported, what was half-made is cleared away.
 */
export async function adoptContainers(engine: Engine): Promise<void> {
  const { containers, runningContainers, exits, sockets, oci } = engine.paths;
  await Promise.all(
    [containers, runningContainers, exits, sockets, oci].map((folder) => mkdir(folder, { recursive: true })),
  );
  const ids = await readdir(containers);
  await Promise.all(ids.map((id) => adopt(engine, id)));
  const known = new Set(engine.table.list().map(({ id }) => id));
  const strays = [...(await readdir(oci)), ...(await readdir(runningContainers))].filter((id) => !known.has(id));
  await Promise.all([...new Set(strays)].map((id) => discardContainer(engine, id, {})));
}

async function adopt(engine: Engine, id: string): Promise<void> {
  const paths = engine.paths.container(id);
  const record = await readRecord(paths.state);
  if (!record) {
    engine.logger.info({ container: id }, 'removing a half-made container');
    await endCreation(paths.bundle);
    await discardContainer(engine, id, {});
    return;
  }
  engine.table.adopt(record);
  if (record.phase === 'exited') return;
  if (record.phase === 'created' && record.process && isAlive(record.process)) await noticeStart(engine, record);
  await settleExit(engine, id);
}

/** The engine may have died after the program was started and before that was written down. */
async function noticeStart(engine: Engine, record: ContainerRecord): Promise<void> {
  if ((await engine.oci.status(record.id)) !== 'running') return;
  const startedAt = new Date(engine.clock.now()).toISOString();
  await engine.table.put({ ...record, phase: 'running', startedAt }, { durably: false, event: 'started' });
}
