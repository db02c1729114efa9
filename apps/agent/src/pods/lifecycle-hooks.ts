import { errorMessage, sleep, type Clock } from '@gantry/base';
import type { Container, LifecycleHandler } from '@gantry/api';
import type { Containers } from '@gantry/runtime';
import { execInContainer } from './exec-in-container';
import { checkHttp } from './probes/handler';

const HTTP_TIMEOUT_MS = 30_000;

/** A hook did not do what it should. */
export class HookFailed extends Error {
  override name = 'HookFailed';
}

/** Runs the handlers that a container's lifecycle names. */
export class LifecycleHooks {
  constructor(
    private readonly containers: Containers,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the handler is through, or when its time is over; throws {@link HookFailed}. */
  async run(
    handler: LifecycleHandler,
    target: { container: Container; id: string; podIp?: string },
    timeoutMs: number,
  ): Promise<void> {
    if (handler.sleep) return sleep(this.clock, Math.min(timeoutMs, handler.sleep.seconds * 1000));
    if (handler.exec) return this.exec(handler.exec.command ?? [], target.id, timeoutMs);
    if (!handler.httpGet) return;
    const limit = Math.min(timeoutMs, HTTP_TIMEOUT_MS);
    const { success, output } = await checkHttp(target.container, handler.httpGet, target.podIp ?? '127.0.0.1', limit);
    if (!success) throw new HookFailed(output);
  }

  private async exec(command: string[], id: string, timeoutMs: number): Promise<void> {
    try {
      const { exitCode, output } = await execInContainer(this.containers, this.clock, id, command, timeoutMs);
      if (exitCode === 0) return;
      const how = exitCode === undefined ? 'did not end in time' : `exited with ${exitCode}`;
      throw new HookFailed(`command '${command.join(' ')}' ${how}: ${output}`);
    } catch (error) {
      if (error instanceof HookFailed) throw error;
      throw new HookFailed(errorMessage(error), { cause: error });
    }
  }
}
