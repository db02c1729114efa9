import type { Engine } from '../engine';
import { checkId } from '../ids';
import { discardContainer } from './discard';
import { stopContainer } from './stop';

/** Ends the container if it runs and takes everything of it away, its own log included. No error when it is gone. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  checkId('container', id);
  const { table } = engine;
  // Its end is recorded under the lock, so it is awaited outside; a start could slip in between.
  while (table.get(id)) {
    await stopContainer(engine, id, 0);
    await table.lock.run(id, async () => {
      const record = table.get(id);
      if (record?.phase !== 'exited') return;
      await table.forget(id);
      await discardContainer(engine, id, record);
    });
  }
}
