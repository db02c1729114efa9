/**
 * Everything the agent ever does to a pod, as data. Each step may be repeated after a crash: what it makes has a name
 * that follows from the pod, and what it removes may be gone already.
 */
export type Step =
  | { type: 'createSandbox'; attempt: number }
  | { type: 'attachNetwork'; sandboxId: string }
  | { type: 'mountVolumes' }
  | { type: 'pullImage'; container: string; restartCount: number }
  | { type: 'createContainer'; container: string; restartCount: number; backoffLevel: number; sandboxId: string }
  | { type: 'startContainer'; container: string; id: string }
  | { type: 'runPostStart'; container: string; id: string }
  | { type: 'stopContainer'; container: string; id: string; graceSeconds: number; why: StopCause }
  | { type: 'removeContainer'; container: string; id: string }
  | { type: 'detachNetwork'; sandboxId: string }
  | { type: 'removeSandbox'; sandboxId: string }
  | { type: 'unmountVolumes' }
  /** Nothing of the pod is left here: the API may forget it. */
  | { type: 'releasePod' };

export type StepType = Step['type'];

export type StopCause =
  | 'podEnding'
  | 'podFinished'
  | 'sandboxChanged'
  | 'definitionChanged'
  | 'livenessFailed'
  | 'startupFailed'
  | 'postStartFailed';

/** Steps with the same key never run at once, and share one back-off. */
export function stepKey(step: Step): string {
  switch (step.type) {
    case 'pullImage':
    case 'createContainer':
      return `${step.type} ${step.container}`;
    case 'startContainer':
    case 'runPostStart':
    case 'stopContainer':
    case 'removeContainer':
      return `${step.type} ${step.id}`;
    case 'createSandbox':
    case 'attachNetwork':
    case 'mountVolumes':
    case 'detachNetwork':
    case 'removeSandbox':
    case 'unmountVolumes':
    case 'releasePod':
      return step.type;
  }
}

const building: ReadonlySet<StepType> = new Set([
  'createSandbox',
  'attachNetwork',
  'mountVolumes',
  'createContainer',
  'startContainer',
]);

const tearing: ReadonlySet<StepType> = new Set([
  'removeContainer',
  'detachNetwork',
  'removeSandbox',
  'unmountVolumes',
  'releasePod',
]);

/** Whether two steps of one pod must not overlap: nothing is taken away while something is still being put on it. */
export function conflicts(a: StepType, b: StepType): boolean {
  return (building.has(a) && tearing.has(b)) || (tearing.has(a) && building.has(b));
}
