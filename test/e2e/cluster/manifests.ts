export interface DeploymentOptions {
  replicas?: number;
  image?: string;
  command?: string[];
  spec?: object;
  strategy?: object;
  requests?: Record<string, string>;
}

/** A Deployment of busybox pods that end at once when told. */
export function deployment(name: string, options: DeploymentOptions = {}): object {
  const { replicas = 1, image = 'busybox', spec = {}, strategy, requests } = options;
  const command = options.command ?? ['sh', '-c', 'trap "exit 0" TERM; sleep 3600 & wait'];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      ...(strategy ? { strategy } : {}),
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 2,
          containers: [{ name: 'main', image, command, ...(requests ? { resources: { requests } } : {}) }],
          ...spec,
        },
      },
    },
  };
}

export interface PodView {
  metadata: { name: string; uid: string; deletionTimestamp?: string };
  spec: { nodeName?: string };
  status: {
    phase?: string;
    podIP?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: {
      name: string;
      ready: boolean;
      restartCount: number;
      imageID: string;
      containerID?: string;
      state: { waiting?: { reason: string; message?: string }; running?: { startedAt: string } };
    }[];
  };
}

export const isRunning = (pod: PodView): boolean => pod.status.phase === 'Running' && !pod.metadata.deletionTimestamp;
