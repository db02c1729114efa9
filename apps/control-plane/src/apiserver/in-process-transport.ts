import type { ApiRequest, User, WatchEvent } from '@gantry/api';
import type { Transport } from '@gantry/client';
import type { Apiserver } from './apiserver';
import { bookmarkOf } from './bookmark';

/** The apiserver without a socket, but with its whole pipeline. */
export class InProcessTransport implements Transport {
  constructor(
    private readonly apiserver: Apiserver,
    private readonly user: User,
  ) {}

  async request(request: ApiRequest): Promise<unknown> {
    return (await this.apiserver.handle(request, this.user)).body;
  }

  async *watch(request: ApiRequest, signal: AbortSignal): AsyncGenerator<WatchEvent, void> {
    if (signal.aborted) return;
    const watch = await this.apiserver.watch({ ...request, verb: 'watch' }, this.user);
    const kind = this.apiserver.kinds.byResource(request)!;
    const stop = (): void => {
      watch.close();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const item of watch) {
        yield 'object' in item
          ? { type: item.type, object: item.object }
          : { type: 'BOOKMARK', object: bookmarkOf(kind, item) };
      }
    } finally {
      signal.removeEventListener('abort', stop);
      watch.close();
    }
  }
}
