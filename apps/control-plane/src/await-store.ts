import { type Clock, backoffDelay, sleep } from '@gantry/base';
import type { Logger } from '@gantry/observability';
import { type Store, StoreUnavailable } from '@gantry/store';

const RETRY = { initial: 250, max: 5000 };

/** Waits until the store answers: after a power cut everything starts at once, and the store may be last. */
export async function awaitStore(store: Store, clock: Clock, log: Logger): Promise<void> {
  for (let failures = 1; ; failures++) {
    try {
      await store.revision();
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      log.warn({ err: error }, 'the store does not answer yet; waiting for it');
      await sleep(clock, backoffDelay(RETRY, failures));
    }
  }
}
