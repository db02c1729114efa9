import { badRequest, type ContainerStatus, type Pod } from '@gantry/api';

/**
 * Throws BadRequest, in kubelet's words, when the container has no log to read yet: it has never started, or with
 * `previous`, has not ended before.
 */
export function checkLogSource(pod: Pod, container: string, previous: boolean): void {
  const where = `container "${container}" in pod "${pod.metadata.name}"`;
  const status = statusOf(pod, container);
  if (!status) throw badRequest(`${where} is not available`);
  const { state = {}, lastState } = status;
  const endedBefore = lastState?.terminated?.containerID;
  if (previous) {
    if (!endedBefore) throw badRequest(`previous terminated ${where} not found`);
    return;
  }
  if (state.running || endedBefore || state.terminated?.containerID) return;
  if (state.terminated || lastState?.terminated) throw badRequest(`${where} is terminated`);
  throw badRequest(`${where} is waiting to start${waitingFor(state.waiting?.reason)}`);
}

function waitingFor(reason: string | undefined): string {
  switch (reason) {
    case undefined:
      return ' - no logs yet';
    case 'ErrImagePull':
      return ": image can't be pulled";
    case 'ImagePullBackOff':
      return ': trying and failing to pull image';
    default:
      return `: ${reason}`;
  }
}

function statusOf(pod: Pod, container: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
    ({ name }) => name === container,
  );
}
