import {
  formatReference,
  InvalidReference,
  parseReference,
  RegistryError,
  repositoryName,
  type Descriptor,
  type Digest,
  type Reference,
  type RegistryClient,
  type Repository,
  type ResolvedImage,
} from '@gantry/oci';
import { errorMessage } from '@gantry/base';
import type { ContentStore } from '../content/content-store';
import { failed, invalid, RuntimeError } from '../errors';
import type { PullOptions, PullProgress } from '../runtime';
import { SingleFlight } from '../single-flight';
import { Slots } from '../slots';
import { chainIds, snapshotKey } from '../snapshots/chain-id';
import type { SnapshotStore } from '../snapshots/snapshot-store';
import { canonicalName, type ImageRecord, type ImageStore } from './image-store';
import { ProgressBoard } from './progress';

/** Layers of one node that are fetched at the same time. */
const PARALLEL_LAYERS = 4;

interface Layer {
  descriptor: Descriptor;
  diffId: Digest;
  chainId: Digest;
}

/** Makes images present. Everything two pulls have in common is done once. */
export class ImagePuller {
  private readonly flights = new SingleFlight<void>();
  private readonly slots = new Slots(PARALLEL_LAYERS);
  private readonly progress = new ProgressBoard();
  /** What pulls under way need and no image shows yet: not to be collected. */
  private readonly pinned = new Map<string, number>();

  constructor(
    private readonly client: RegistryClient,
    private readonly content: ContentStore,
    private readonly snapshots: SnapshotStore,
    private readonly images: ImageStore,
  ) {}

  /** Throws Invalid for what is no reference, Failed with the registry's own words otherwise. */
  async pull(text: string, options: PullOptions = {}): Promise<ImageRecord> {
    const reference = parse(text);
    try {
      return await this.pullReference(reference, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof RuntimeError) throw error;
      throw failed(`failed to pull ${formatReference(reference)}: ${wording(error)}`, error);
    }
  }

  isPinned(name: string): boolean {
    return this.pinned.has(name);
  }

  private async pullReference(reference: Reference, options: PullOptions): Promise<ImageRecord> {
    const { credentials, signal } = options;
    const repository = this.client.repository(reference, credentials ? { credentials } : {});
    const resolved = await this.client.resolve(reference, repository, signal ? { signal } : {});
    const layers = layersOf(resolved);
    const names = [resolved.config.digest, resolved.manifestDigest, ...layers.flatMap(namesOf)];
    this.pin(names, 1);
    try {
      await Promise.all([
        this.content.write(resolved.config.digest, resolved.configurationBytes),
        this.keepManifest(resolved, repository, signal),
        this.makeLayers(layers, repository, options),
      ]);
      const record = this.describe(reference, resolved, layers);
      await this.images.put(record);
      return record;
    } finally {
      this.pin(names, -1);
    }
  }

  private async keepManifest(resolved: ResolvedImage, repository: Repository, signal?: AbortSignal): Promise<void> {
    if (await this.content.has(resolved.manifestDigest)) return;
    const manifest = await repository.manifest(resolved.manifestDigest, signal);
    await this.content.write(manifest.digest, manifest.bytes);
  }

  private async makeLayers(
    layers: Layer[],
    repository: Repository,
    { onProgress, signal }: PullOptions,
  ): Promise<void> {
    const watched = this.progress.watch(
      layers.map(({ descriptor }) => descriptor),
      onProgress,
    );
    // When one fails the others are pointless; they stop with it and leave what has arrived for the next try.
    const stop = new AbortController();
    const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const made = layers.map((layer, i) => {
      const below = layers.slice(0, i).map(({ chainId }) => chainId);
      return this.makeLayer(layer, below, repository, both);
    });
    try {
      await Promise.all(made);
    } catch (error) {
      stop.abort(error);
      await Promise.allSettled(made);
      throw error;
    } finally {
      void watched.close();
    }
  }

  private async makeLayer(layer: Layer, below: Digest[], repository: Repository, signal: AbortSignal): Promise<void> {
    const { chainId, diffId, descriptor } = layer;
    const report = (state: PullProgress['state'], received: number) => {
      this.progress.report(descriptor, state, received);
    };
    if (this.snapshots.has(chainId)) {
      report('exists', descriptor.size);
      return;
    }
    const fetch = async (leave: AbortSignal) => {
      const staged = await this.slots.run(() => this.snapshots.stage(this.receive(layer, repository, leave), diffId));
      try {
        await this.untilMade(below.at(-1));
        const folders = below.map(snapshotKey).reverse();
        await this.snapshots.commit(staged, chainId, folders);
      } catch (error) {
        await this.snapshots.drop(staged);
        throw error;
      }
      report('done', descriptor.size);
    };
    await this.flights.run(chainId, fetch, signal);
  }

  /** Whichever pull makes the layer below: the one that began this layer may have left. */
  private async untilMade(chainId: Digest | undefined): Promise<void> {
    if (chainId === undefined || this.snapshots.has(chainId)) return;
    await this.flights.underWay(chainId);
    if (!this.snapshots.has(chainId)) throw failed(`layer ${chainId} below was not made`);
  }

  /** The compressed bytes of a layer, wherever they come from, and word of how it goes. */
  private async *receive({ descriptor }: Layer, repository: Repository, signal: AbortSignal): AsyncGenerator<Buffer> {
    let received = 0;
    const bytes = this.content.receive(descriptor, (verifier) => repository.blob(descriptor, { verifier, signal }));
    for await (const chunk of bytes) {
      received += chunk.length;
      this.progress.report(descriptor, 'downloading', received);
      yield chunk;
    }
    this.progress.report(descriptor, 'unpacking', received);
  }

  private describe(reference: Reference, resolved: ResolvedImage, layers: Layer[]): ImageRecord {
    const { config: descriptor, configuration, manifestDigest, digest } = resolved;
    const existing = this.images.get(descriptor.digest);
    const name = reference.digest ? [] : [canonicalName(formatReference(reference))];
    const digests = [digest, manifestDigest].map((pinned) => `${repositoryName(reference)}@${pinned}`);
    return {
      id: descriptor.digest,
      names: [...new Set([...(existing?.names ?? []), ...name])],
      digests: [...new Set([...(existing?.digests ?? []), ...digests])],
      size: layers.reduce((sum, { chainId }) => sum + this.snapshots.bytes(chainId), 0),
      ...(configuration.created !== undefined && { created: configuration.created }),
      config: configuration.config ?? {},
      manifest: manifestDigest,
      blobs: layers.map((layer) => layer.descriptor.digest),
      chain: layers.map(({ chainId }) => chainId),
    };
  }

  private pin(names: string[], by: number): void {
    for (const name of names) {
      const count = (this.pinned.get(name) ?? 0) + by;
      if (count > 0) this.pinned.set(name, count);
      else this.pinned.delete(name);
    }
  }
}

function parse(text: string): Reference {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof InvalidReference)
      throw invalid(`invalid image reference ${JSON.stringify(text)}: ${error.message}`);
    throw invalid(errorMessage(error));
  }
}

function layersOf({ manifest, configuration }: ResolvedImage): Layer[] {
  const diffIds = configuration.rootfs.diff_ids;
  const chain = chainIds(diffIds);
  return manifest.layers.map((descriptor, i) => ({ descriptor, diffId: diffIds[i]!, chainId: chain[i]! }));
}

const namesOf = ({ descriptor, chainId }: Layer): string[] => [descriptor.digest, snapshotKey(chainId)];

/** A registry's answer is told as it is; its wrapping adds nothing a user could act on. */
const wording = (error: unknown): string => (error instanceof RegistryError ? error.message : errorMessage(error));
