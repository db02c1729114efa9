import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Container } from '@gantry/api';
import { podLabels, label, sandboxId } from './identity';
import { podHostname } from './files/hostname';
import type { PodRecord } from './pod-record';
import type { PodServices } from './pod-services';
import { ContainerConfigError, environment } from './spec/environment';
import { containerSpec, podCgroup } from './spec/container-spec';
import type { PodFacts } from './spec/field-ref';
import { inWords, StepFailed } from './step-failure';
import type { Step, StepType } from './plan/step';

type StepOf<T extends StepType> = Extract<Step, { type: T }>;

/** Carries out a step and writes down in the record what is now so. */
export type StepExecutors = {
  [T in StepType]: (step: StepOf<T>, record: PodRecord, signal: AbortSignal) => Promise<void>;
};

export function stepExecutors(services: PodServices): StepExecutors {
  return {
    ...groundExecutors(services),
    ...containerExecutors(services),
    ...endingExecutors(services),
  };
}

type GroundSteps = 'createSandbox' | 'attachNetwork' | 'mountVolumes' | 'pullImage';

function groundExecutors(services: PodServices): Pick<StepExecutors, GroundSteps> {
  const { runtime, network, files, volumes, images, references } = services;
  return {
    async createSandbox({ attempt }, record) {
      const { pod } = record;
      if (attempt > 0) {
        const message = 'Pod sandbox changed, it will be killed and re-created.';
        services.events.normal(pod, undefined, 'SandboxChanged', message);
      }
      const sandbox = await runtime.sandboxes.create({
        id: sandboxId(record.uid, attempt),
        hostname: podHostname(pod, services.dns().domain).hostname,
        network: pod.spec.hostNetwork ? 'host' : 'private',
        ipc: pod.spec.hostIPC ? 'host' : 'private',
        sysctls: Object.fromEntries(pod.spec.securityContext?.sysctls?.map(({ name, value }) => [name, value]) ?? []),
        cgroup: podCgroup(pod),
        labels: { ...podLabels(pod), [label.sandboxAttempt]: String(attempt) },
      });
      record.adoptSandbox(sandbox);
    },

    async attachNetwork({ sandboxId: id }, record) {
      const { pod } = record;
      const host = services.node().ip;
      const sandbox = { id, networkNamespace: record.networkNamespace! };
      const addresses = pod.spec.hostNetwork ? { ip: host, ips: [host] } : await network.attach(sandbox, pod);
      await files.writeHosts(pod, addresses.ips);
      record.addresses = addresses;
    },

    async mountVolumes(_step, record) {
      const { pod } = record;
      await references.use(pod);
      // What changes from here on makes the volumes stale again.
      record.volumes = 'mounted';
      try {
        await Promise.all([files.prepare(pod), volumes.mount(factsOf(services, record), references.of(pod))]);
      } catch (error) {
        record.volumes = 'stale';
        services.events.warning(pod, undefined, 'FailedMount', inWords(error));
        throw error;
      }
    },

    async pullImage({ container: name, restartCount }, record, signal) {
      const { pod } = record;
      if (pod.spec.imagePullSecrets?.length) await references.use(pod);
      const image = await images.ensure(pod, record.container(name)!, references.of(pod), signal);
      services.rememberImage(image);
      record.images.set(name, { restartCount, id: image.id });
    },
  };
}

type ContainerSteps = 'createContainer' | 'startContainer' | 'runPostStart' | 'stopContainer' | 'removeContainer';

function containerExecutors(services: PodServices): Pick<StepExecutors, ContainerSteps> {
  const { runtime, events, hooks, stopper } = services;
  return {
    async createContainer(step, record) {
      const { pod } = record;
      const container = record.container(step.container)!;
      try {
        const spec = await prepareContainer(services, record, container, step);
        record.setInstance(await runtime.containers.create(spec));
      } catch (error) {
        const reason = error instanceof ContainerConfigError ? 'CreateContainerConfigError' : 'CreateContainerError';
        events.warning(pod, container, 'Failed', `Error: ${inWords(error)}`);
        throw new StepFailed(reason, inWords(error), error);
      }
      events.normal(pod, container, 'Created', `Created container: ${container.name}`);
    },

    async startContainer({ container: name, id }, record) {
      const { pod } = record;
      const container = record.container(name)!;
      if (container.lifecycle?.postStart) record.setHook(id, 'pending');
      try {
        record.setInstance(await runtime.containers.start(id));
      } catch (error) {
        const now = await runtime.containers.get(id);
        if (now) record.setInstance(now);
        events.warning(pod, container, 'Failed', `Error: ${inWords(error)}`);
        throw new StepFailed('RunContainerError', inWords(error), error);
      }
      events.normal(pod, container, 'Started', `Started container ${name}`);
    },

    async runPostStart({ container: name, id }, record) {
      const container = record.container(name)!;
      const target = { container, id, podIp: record.addresses?.ip };
      try {
        await hooks.run(container.lifecycle!.postStart!, target, services.postStartTimeoutMs);
        record.setHook(id, 'done');
      } catch (error) {
        record.setHook(id, 'failed');
        events.warning(record.pod, container, 'FailedPostStartHook', `PostStartHook failed: ${inWords(error)}`);
      }
    },

    async stopContainer(step, record) {
      const container = record.container(step.container);
      events.normal(record.pod, container, 'Killing', killingMessage(step));
      const target = { container: container!, id: step.id, podIp: record.addresses?.ip };
      await stopper.stop(step.id, step.graceSeconds, async (timeoutMs) => {
        const preStop = container?.lifecycle?.preStop;
        if (!preStop) return;
        try {
          await hooks.run(preStop, target, timeoutMs);
        } catch (error) {
          events.warning(record.pod, container, 'FailedPreStopHook', `PreStopHook failed: ${inWords(error)}`);
        }
      });
      const ended = await runtime.containers.get(step.id);
      if (ended) record.setInstance(ended);
    },

    async removeContainer({ id }, record) {
      await runtime.containers.remove(id);
      record.removeInstance(id);
    },
  };
}

type EndingSteps = 'detachNetwork' | 'removeSandbox' | 'unmountVolumes' | 'releasePod';

function endingExecutors(services: PodServices): Pick<StepExecutors, EndingSteps> {
  return {
    async detachNetwork({ sandboxId: id }, record) {
      if (!record.pod.spec.hostNetwork) await services.network.detach(id);
      record.addresses = undefined;
      if (record.sandbox) record.sandbox = { ...record.sandbox, detached: true };
    },

    async removeSandbox({ sandboxId: id }, record) {
      await services.runtime.sandboxes.remove(id);
      record.forgetSandbox();
    },

    async unmountVolumes(_step, record) {
      await services.volumes.unmount(record.uid);
      services.references.release(record.uid);
      record.volumes = 'absent';
    },

    async releasePod(_step, record) {
      services.references.release(record.uid);
      await services.release(record.pod);
    },
  };
}

async function prepareContainer(
  services: PodServices,
  record: PodRecord,
  container: Container,
  step: StepOf<'createContainer'>,
) {
  const { pod } = record;
  await services.references.use(pod);
  const facts = factsOf(services, record);
  const references = services.references.of(pod);
  const variables = environment({ container, facts, references, services: services.services() });
  const image = await services.runtime.images.get(record.images.get(container.name)!.id);
  if (!image) {
    record.images.delete(container.name);
    throw new Error(`image ${container.image} was removed from the node`);
  }
  const message = services.paths.terminationMessage(record.uid, container.name, step.restartCount);
  await mkdir(dirname(message), { recursive: true });
  await writeFile(message, '', { flag: 'a', mode: 0o666 });
  const mounts = await services.mounts.of({ pod, container, restartCount: step.restartCount, variables });
  const { restartCount, backoffLevel } = step;
  const { settings } = services;
  return containerSpec({
    pod,
    container,
    sandbox: record.sandbox!,
    restartCount,
    backoffLevel,
    image,
    variables,
    mounts,
    settings,
  });
}

function factsOf(services: PodServices, { pod, addresses }: PodRecord): PodFacts {
  return { pod, node: services.node(), podIps: addresses?.ips };
}

function killingMessage({ container, why }: StepOf<'stopContainer'>): string {
  switch (why) {
    case 'livenessFailed':
      return `Container ${container} failed liveness probe, will be restarted`;
    case 'startupFailed':
      return `Container ${container} failed startup probe, will be restarted`;
    case 'postStartFailed':
      return 'FailedPostStartHook';
    case 'definitionChanged':
      return `Container ${container} definition changed, will be restarted`;
    case 'sandboxChanged':
    case 'podEnding':
    case 'podFinished':
      return `Stopping container ${container}`;
  }
}
