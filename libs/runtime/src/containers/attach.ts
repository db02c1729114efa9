import { attach, resizeTerminal } from '../conmon/attach';
import type { Engine } from '../engine';
import { conflict } from '../errors';
import type { Session } from '../runtime';
import { makeSession } from './session';

/** Joins the stdio of a container that is created or runs: attach, then start, and nothing is missed. */
export async function attachContainer(engine: Engine, id: string, options: { stdin: boolean }): Promise<Session> {
  const record = engine.table.require(id);
  if (record.phase === 'exited') throw conflict(`container ${id} is not running`);
  const paths = engine.paths.container(id);
  const attachment = await attach(paths.attach, options.stdin && record.spec.stdin === true);
  const leave = new AbortController();
  const exit = engine.table.ended(id, leave.signal).then(() => engine.table.get(id)?.exitCode ?? -1);
  return makeSession({
    ...attachment,
    exit,
    resize: (rows, columns) => resizeTerminal(paths.control, rows, columns),
    close: () => {
      leave.abort(conflict('detached'));
      attachment.close();
    },
  });
}
