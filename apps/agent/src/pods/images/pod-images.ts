import { parseReference } from '@gantry/oci';
import type { Clock } from '@gantry/base';
import type { Container, Pod } from '@gantry/api';
import type { Image, Images } from '@gantry/runtime';
import type { PodEvents } from '../pod-events';
import type { PodReferences } from '../spec/environment';
import { inWords, StepFailed } from '../step-failure';
import { pullCredentials } from './pull-secrets';

/** Makes the images of pods present, by the container's pull policy. */
export class PodImages {
  constructor(
    private readonly images: Images,
    private readonly events: PodEvents,
    private readonly clock: Clock,
  ) {}

  /** Throws {@link StepFailed} with the reason kubelet has for it, and the registry's own words. */
  async ensure(pod: Pod, container: Container, references: PodReferences, signal: AbortSignal): Promise<Image> {
    const image = container.image!;
    checkName(image);
    const policy = container.imagePullPolicy ?? 'IfNotPresent';
    const present = policy === 'Always' ? undefined : await this.images.get(image);
    if (present) {
      this.events.normal(pod, container, 'Pulled', `Container image "${image}" already present on machine`);
      return present;
    }
    if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      this.events.warning(pod, container, 'ErrImageNeverPull', message);
      throw new StepFailed('ErrImageNeverPull', message);
    }
    return this.pull(pod, container, references, signal);
  }

  private async pull(pod: Pod, container: Container, references: PodReferences, signal: AbortSignal): Promise<Image> {
    const reference = container.image!;
    this.events.normal(pod, container, 'Pulling', `Pulling image "${reference}"`);
    const began = this.clock.monotonic();
    try {
      const image = await this.tryEach(pod, reference, references, signal);
      const took = durationText(this.clock.monotonic() - began);
      this.events.normal(
        pod,
        container,
        'Pulled',
        `Successfully pulled image "${reference}" in ${took} (${took} including waiting). Image size: ${image.size} bytes.`,
      );
      return image;
    } catch (error) {
      if (signal.aborted) throw error;
      const message = `Failed to pull image "${reference}": ${inWords(error)}`;
      this.events.warning(pod, container, 'Failed', message);
      this.events.warning(pod, container, 'Failed', 'Error: ErrImagePull');
      throw new StepFailed('ErrImagePull', inWords(error), error);
    }
  }

  /** With each of the pod's credentials, then with none; the answer to the first try that had any counts. */
  private async tryEach(pod: Pod, reference: string, references: PodReferences, signal: AbortSignal): Promise<Image> {
    let failure: unknown;
    for (const credentials of [...pullCredentials(pod, reference, (name) => references.secret(name)), undefined]) {
      try {
        return await this.images.pull(reference, { credentials, signal });
      } catch (error) {
        failure ??= error;
        if (signal.aborted) break;
      }
    }
    throw failure;
  }
}

function checkName(image: string): void {
  try {
    parseReference(image);
  } catch (error) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${inWords(error)}`;
    throw new StepFailed('InvalidImageName', message, error);
  }
}

function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)}ms` : `${(milliseconds / 1000).toFixed(3)}s`;
}
