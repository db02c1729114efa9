import { milliValue, unitValue } from '@gantry/api';
import type { Container, Pod, ResourceRequirements } from '@gantry/api';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/**
 * How well a pod's resources are assured, from what it asks for: Guaranteed when every container's limits are set and
 * equal to its requests, BestEffort when nothing is asked for, Burstable otherwise.
 */
export function qosClass(pod: Pod): QosClass {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  if (containers.every(asksNothing)) return 'BestEffort';
  return containers.every((container) => guaranteed(container.resources)) ? 'Guaranteed' : 'Burstable';
}

function asksNothing({ resources }: Container): boolean {
  const all = [resources?.requests, resources?.limits];
  return all.every((list) => isZero(milliValue(list?.cpu)) && isZero(unitValue(list?.memory)));
}

function guaranteed(resources: ResourceRequirements | undefined): boolean {
  const { limits, requests } = resources ?? {};
  if (isZero(milliValue(limits?.cpu)) || isZero(unitValue(limits?.memory))) return false;
  const sameCpu = requests?.cpu === undefined || milliValue(requests.cpu) === milliValue(limits?.cpu);
  const sameMemory = requests?.memory === undefined || unitValue(requests.memory) === unitValue(limits?.memory);
  return sameCpu && sameMemory;
}

const isZero = (value: number): boolean => value === 0;
