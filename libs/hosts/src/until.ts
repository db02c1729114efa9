import { sleep, systemClock } from '@gantry/base';

/** Asks `condition` again and again until it answers; throws with `what` when it has not after `timeout` milliseconds. */
export async function until<T>(
  what: string,
  timeout: number,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  interval = 25,
): Promise<T> {
  const deadline = systemClock.monotonic() + timeout;
  let last: unknown;
  do {
    try {
      const answer = await condition();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(systemClock, interval);
  } while (systemClock.monotonic() < deadline);
  throw new Error(`waited ${timeout / 1000} s for ${what}`, { cause: last });
}
