import { Readable } from 'node:stream';
import type { Clock } from '@gantry/base';
import type { Container, ContainerSpec, Image, Runtime, RuntimeEvent, Sandbox } from '@gantry/runtime';

/** A runtime in memory, for specs: containers run until told to end. `fork` is what a restarted agent finds. */
export class FakeRuntime {
  readonly sandboxesById = new Map<string, Sandbox>();
  readonly containersById = new Map<string, Container>();
  readonly pulled = new Set<string>();
  /** Commands run inside containers. */
  readonly execs: string[][] = [];
  /** References that the registry does not have. */
  readonly missing = new Set<string>();
  /** Answers the next calls of an operation with an error. */
  readonly broken = new Map<'createSandbox' | 'create' | 'start' | 'remove', string>();
  private readonly listeners = new Set<(event: RuntimeEvent) => void>();
  private pid = 100;

  constructor(private readonly clock: Clock) {}

  /** Ends a running container by itself. */
  exit(id: string, exitCode: number): void {
    const container = this.containersById.get(id)!;
    if (container.phase !== 'running') return;
    this.put('exited', { ...container, phase: 'exited', exitCode, finishedAt: this.time(), pid: undefined });
  }

  running(): Container[] {
    return [...this.containersById.values()].filter(({ phase }) => phase === 'running');
  }

  /** The runtime itself, as a process of the agent sees it; what it holds outlives the process. */
  open(): Runtime {
    const listeners = this.listeners;
    return {
      images: this.images(),
      sandboxes: this.sandboxes(),
      containers: this.containers(),
      subscribe: (listener) => {
        listeners.add(listener);
        return { close: () => void listeners.delete(listener) };
      },
      close: () => {
        listeners.clear();
      },
    };
  }

  private images(): Runtime['images'] {
    const image = (reference: string): Image => ({
      id: `sha256:${reference}`,
      names: [reference],
      digests: [`${reference}@sha256:1`],
      size: 1,
      config: {},
    });
    const strip = (reference: string): string => reference.replace(/^sha256:/, '');
    return {
      pull: (reference) => {
        if (this.missing.has(reference)) return Promise.reject(new Error('manifest unknown'));
        this.pulled.add(reference);
        return Promise.resolve(image(reference));
      },
      get: (reference) => Promise.resolve(this.pulled.has(strip(reference)) ? image(strip(reference)) : undefined),
      list: () => Promise.resolve([...this.pulled].map(image)),
      remove: (reference) => {
        this.pulled.delete(reference);
        return Promise.resolve();
      },
    };
  }

  private sandboxes(): Runtime['sandboxes'] {
    const all = this.sandboxesById;
    return {
      create: (spec) => {
        this.fail('createSandbox');
        const known = all.get(spec.id);
        const sandbox = known ?? { ...spec, networkNamespace: `/run/netns/${spec.id}`, createdAt: this.time() };
        all.set(spec.id, sandbox);
        return Promise.resolve(sandbox);
      },
      get: (id) => Promise.resolve(all.get(id)),
      list: () => Promise.resolve([...all.values()]),
      remove: (id) => {
        all.delete(id);
        return Promise.resolve();
      },
    };
  }

  private containers(): Runtime['containers'] {
    const all = this.containersById;
    const stop = (id: string): Promise<Container> => {
      this.exit(id, 143);
      return Promise.resolve(all.get(id)!);
    };
    const never = (): never => {
      throw new Error('not faked');
    };
    return {
      create: async (spec) => {
        await this.turn();
        this.fail('create');
        return all.get(spec.id) ?? this.put('created', this.newContainer(spec));
      },
      start: async (id) => {
        await this.turn();
        this.fail('start');
        const container = all.get(id)!;
        const twins = this.running().filter(({ labels }) => sameContainer(labels, container.labels));
        if (twins.length > 0 && container.phase === 'created') throw new Error('a second instance of a container');
        if (container.phase !== 'created') return container;
        return this.put('started', { ...container, phase: 'running', pid: this.pid++, startedAt: this.time() });
      },
      stop,
      kill: async (id) => {
        await stop(id);
      },
      remove: async (id) => {
        await this.turn();
        this.fail('remove');
        const container = all.get(id);
        all.delete(id);
        if (container) this.tell({ type: 'removed', container });
      },
      get: (id) => Promise.resolve(all.get(id)),
      list: () => Promise.resolve([...all.values()]),
      exec: (_id, { command }) => {
        this.execs.push(command);
        const nothing = (): Readable => Readable.from([]);
        const resize = (): Promise<void> => Promise.resolve();
        return Promise.resolve({
          stdout: nothing(),
          stderr: nothing(),
          resize,
          exit: Promise.resolve(0),
          close: resize,
        });
      },
      logs: () => Readable.from([{ stream: 'stdout', time: this.time(), bytes: Buffer.from('last words\n') }]),
      wait: never,
      attach: never,
      stats: never,
      update: never,
    };
  }

  private newContainer(spec: ContainerSpec): Container {
    const { id, sandbox, image, labels = {} } = spec;
    return { id, sandbox, image, phase: 'created', createdAt: this.time(), labels, logPath: '', spec };
  }

  private put(type: RuntimeEvent['type'], container: Container): Container {
    this.containersById.set(container.id, container);
    this.tell({ type, container });
    return container;
  }

  private tell(event: RuntimeEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private fail(operation: 'createSandbox' | 'create' | 'start' | 'remove'): void {
    const message = this.broken.get(operation);
    if (message !== undefined) throw new Error(message);
  }

  private time(): string {
    return new Date(this.clock.now()).toISOString();
  }

  /** Real operations take time: other things happen meanwhile. */
  private turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

function sameContainer(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = ['io.kubernetes.pod.uid', 'io.kubernetes.container.name'];
  return keys.every((key) => a[key] === b[key]);
}
