/**
 * Asks until the answer is what is wanted, or fails with the last one. A condition that throws has not come true yet.
 * `timeout` in milliseconds.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  holds: (answer: T) => boolean = Boolean,
  timeout = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeout;
  let last: unknown;
  do {
    try {
      const answer = await ask();
      if (holds(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  } while (performance.now() < deadline);
  const seen = last instanceof Error ? last.message : JSON.stringify(last, null, 1);
  throw new Error(`waited ${timeout / 1000} s for ${what}; the last answer was:\n${seen?.slice(0, 4000)}`);
}
