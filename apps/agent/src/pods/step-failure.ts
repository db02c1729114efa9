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
