import { badRequest, type Pod } from '@gantry/api';

/** The container a request means: the one it names, or the pod's only one. Throws BadRequest with the choices. */
export function chooseContainer(pod: Pod, wanted: string | null): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const all = [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name);
  const pick = pod.metadata.name;
  if (wanted) {
    if (all.includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${pick}`);
  }
  if (containers.length === 1) return containers[0]!.name;
  throw badRequest(`a container name must be specified for pod ${pick}, choose one of: [${all.join(' ')}]`);
}
