import { errorMessage, type Closeable } from '@gantry/base';
import type { Logger } from './logger';
import type { RuntimeEvent } from './runtime';

/** Tells every listener of every event, in order; a listener that throws harms nobody but itself. */
export class EventStream {
  private readonly listeners = new Set<(event: RuntimeEvent) => void>();

  constructor(private readonly logger: Logger) {}

  subscribe(listener: (event: RuntimeEvent) => void): Closeable {
    const own = (event: RuntimeEvent) => {
      listener(event);
    };
    this.listeners.add(own);
    return { close: () => void this.listeners.delete(own) };
  }

  publish(event: RuntimeEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error({ error: errorMessage(error), event: event.type }, 'a runtime event listener threw');
      }
    }
  }
}
