import { errorMessage } from '@gantry/base';
import { RuntimeError } from '@gantry/runtime';

/** A step that failed for a reason that users know by a word of its own (`ErrImagePull`). */
export class StepFailed extends Error {
  override name = 'StepFailed';
  constructor(
    /** The `reason` of the container's waiting state. */
    readonly reason: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** An error in words for users. The runtime's own errors say what caused them already. */
export function inWords(error: unknown): string {
  return error instanceof RuntimeError || error instanceof StepFailed ? error.message : errorMessage(error);
}
