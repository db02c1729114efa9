import type { Engine } from '../engine';
import { conflict } from '../errors';
import { signalNumber, signalProcess } from '../kernel/processes';
import type { Container } from '../runtime';
import { settleExit } from './exits';
import { toContainer } from './record';

const SIGKILL = 9;
const MILLISECONDS_PER_SECOND = 1000;

/** Asks with the stop signal, insists with SIGKILL after the timeout, and resolves when the container has ended. */
export async function stopContainer(engine: Engine, id: string, timeoutSeconds: number): Promise<Container> {
  const record = engine.table.require(id);
  if (record.phase === 'exited') return toContainer(record);
  const asked = signalNumber(record.spec.stopSignal ?? engine.images.get(record.image)?.config.StopSignal ?? 'SIGTERM');
  // Before its program runs there is nobody who could be asked.
  const insistAtOnce = record.phase === 'created' || timeoutSeconds <= 0;
  await deliver(engine, id, insistAtOnce ? SIGKILL : asked);
  const insist = engine.clock.after(timeoutSeconds * MILLISECONDS_PER_SECOND, () => void deliver(engine, id, SIGKILL));
  try {
    await engine.table.ended(id);
  } finally {
    void insist.close();
  }
  return toContainer(engine.table.get(id) ?? { ...record, phase: 'exited' });
}

export async function killContainer(engine: Engine, id: string, signal: string): Promise<void> {
  const number = signalNumber(signal);
  const { phase } = engine.table.require(id);
  if (phase === 'exited') throw conflict(`container ${id} is not running`);
  await deliver(engine, id, number);
}

/** Sends to the container's first process; if that has ended already, sees to it that this becomes known. */
async function deliver(engine: Engine, id: string, signal: number): Promise<void> {
  const record = engine.table.get(id);
  if (!record?.process || record.phase === 'exited') return;
  if (!signalProcess(record.process, signal)) await settleExit(engine, id);
}
