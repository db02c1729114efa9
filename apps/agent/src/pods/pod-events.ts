import type { Container, Pod } from '@gantry/api';
import type { EventRecorder, EventSubject, EventType } from '@gantry/client';

/** What a user reads under Events in `kubectl describe pod`, with kubelet's reasons and wording. Never fails or waits. */
export class PodEvents {
  constructor(private readonly recorder: Pick<EventRecorder, 'record'>) {}

  normal(pod: Pod, container: Container | undefined, reason: string, message: string): void {
    this.record(pod, container, 'Normal', reason, message);
  }

  warning(pod: Pod, container: Container | undefined, reason: string, message: string): void {
    this.record(pod, container, 'Warning', reason, message);
  }

  private record(pod: Pod, container: Container | undefined, type: EventType, reason: string, message: string): void {
    this.recorder.record(subject(pod, container), type, reason, message);
  }
}

function subject(pod: Pod, container: Container | undefined): EventSubject {
  const about = { apiVersion: 'v1', kind: 'Pod', metadata: pod.metadata };
  if (!container) return about;
  const isInit = pod.spec.initContainers?.some(({ name }) => name === container.name);
  return { ...about, fieldPath: `spec.${isInit ? 'initContainers' : 'containers'}{${container.name}}` };
}
