import { once } from 'node:events';
import { connect } from 'node:net';
import { StatusError } from '@gantry/api';
import type { Container, Runtime } from '@gantry/runtime';
import { label } from '../pods/identity';
import { dialInNamespace } from './dial-in-namespace';
import type { ContainerRef, StreamActions } from './stream-actions';

/** What users do with the containers this node's runtime keeps for pods, found by their labels. */
export function runtimeStreamActions({
  containers,
  sandboxes,
}: Pick<Runtime, 'containers' | 'sandboxes'>): StreamActions {
  /** The container's instances, newest first. */
  async function instances({ podUid, container }: ContainerRef): Promise<Container[]> {
    const all = await containers.list();
    const own = all.filter(
      ({ labels }) => labels[label.podUid] === podUid && labels[label.containerName] === container,
    );
    return own.sort((a, b) => Number(b.labels[label.restartCount]) - Number(a.labels[label.restartCount]));
  }

  async function running(target: ContainerRef): Promise<string> {
    const [newest] = await instances(target);
    if (newest?.phase === 'running') return newest.id;
    throw containerNotFound(target);
  }

  return {
    exec: async (target, options) => containers.exec(await running(target), options),
    attach: async (target, options) => containers.attach(await running(target), options),
    logs: async (target, { previous, ...options }) => {
      const source = logSource(await instances(target), previous);
      if (source) return containers.logs(source.id, options);
      throw previous
        ? notFound(`previous terminated container "${target.container}" in pod "${target.pod}" not found`)
        : containerNotFound(target);
    },
    portForward: async ({ podUid, pod }, port) => {
      const own = (await sandboxes.list()).filter(({ labels }) => labels?.[label.podUid] === podUid);
      const newest = own.sort(
        (a, b) => Number(b.labels?.[label.sandboxAttempt]) - Number(a.labels?.[label.sandboxAttempt]),
      )[0];
      if (!newest) throw notFound(`pod "${pod}" has no sandbox on this node`);
      if (newest.network === 'private') return dialInNamespace(newest.networkNamespace, port);
      const connection = connect({ port, host: '127.0.0.1' });
      await once(connection, 'connect');
      return connection;
    },
  };
}

/** `previous`: the instance before the newest; or the newest itself when it is the only one and waits for its restart. */
export function logSource(newestFirst: Container[], previous: boolean): Container | undefined {
  const [newest, before] = newestFirst;
  if (!previous) {
    // One that is created and not yet started has nothing to say: what the last one said is of more use.
    return newest?.phase === 'created' ? (before ?? newest) : newest;
  }
  return before ?? (newest?.phase === 'exited' ? newest : undefined);
}

function containerNotFound({ container }: ContainerRef): StatusError {
  return notFound(`container not found (${JSON.stringify(container)})`);
}

function notFound(message: string): StatusError {
  return new StatusError('NotFound', message);
}
