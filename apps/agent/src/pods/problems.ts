import type { StepFailure } from './step-runner';
import { StepFailed } from './step-failure';
import type { Problem } from './status/container-status';

/** A failed pull is shown as itself for so long, then as the waiting for the next try. */
export const FRESH_FAILURE_MS = 1_000;

/** What keeps each container from running, by its name, in the words of a container's waiting state. */
export function problems(
  failures: Iterable<StepFailure>,
  imageOf: (container: string) => string,
  now: number,
): Map<string, Problem> {
  const found = new Map<string, Problem>();
  for (const failure of failures) {
    const { step, error, message } = failure;
    if (!('container' in step) || !(error instanceof StepFailed)) continue;
    const backingOff = error.reason === 'ErrImagePull' && now - failure.failedAt >= FRESH_FAILURE_MS;
    found.set(
      step.container,
      backingOff
        ? { reason: 'ImagePullBackOff', message: backOffMessage(imageOf(step.container), message) }
        : { reason: error.reason, message },
    );
  }
  return found;
}

const backOffMessage = (image: string, message: string): string =>
  `Back-off pulling image "${image}": ErrImagePull: ${message}`;
