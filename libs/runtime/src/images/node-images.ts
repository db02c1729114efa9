import type { ContentStore } from '../content/content-store';
import type { ContainerTable } from '../containers/container-table';
import { conflict } from '../errors';
import type { Image, Images, PullOptions } from '../runtime';
import { snapshotKey } from '../snapshots/chain-id';
import type { SnapshotStore } from '../snapshots/snapshot-store';
import type { ImagePuller } from './image-puller';
import { canonicalName, toImage, type ImageRecord, type ImageStore } from './image-store';

/** The images of this node, as the engine's users see them. */
export class NodeImages implements Images {
  constructor(
    private readonly store: ImageStore,
    private readonly puller: ImagePuller,
    private readonly content: ContentStore,
    private readonly snapshots: SnapshotStore,
    private readonly containers: ContainerTable,
  ) {}

  async pull(reference: string, options?: PullOptions): Promise<Image> {
    return toImage(await this.puller.pull(reference, options));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a bad reference is a rejection, not a throw
  async get(reference: string): Promise<Image | undefined> {
    const record = this.store.find(reference);
    return record && toImage(record);
  }

  list(): Promise<Image[]> {
    return Promise.resolve(this.store.list().map(toImage));
  }

  async remove(reference: string): Promise<void> {
    const image = this.store.find(reference);
    if (!image) return;
    const byId = image.id === reference || image.id === `sha256:${reference}`;
    if (!byId && image.names.some((name) => name !== canonicalName(reference))) {
      await this.store.removeName(canonicalName(reference));
      return;
    }
    const user = this.containers.list().find((container) => container.image === image.id);
    if (user) throw conflict(`image ${reference} is in use by container ${user.id}`);
    await this.store.remove(image.id);
    await this.collect();
  }

  /** Removes content and layers that no image, container or pull under way needs. */
  private async collect(): Promise<void> {
    const needed = new Set([
      ...this.store.list().flatMap(needs),
      ...this.containers.list().flatMap(({ layers }) => layers),
    ]);
    const isFree = (name: string) => !needed.has(name) && !this.puller.isPinned(name);
    for (const key of this.snapshots.keys().filter(isFree)) await this.snapshots.remove(key);
    for (const digest of (await this.content.list()).filter(isFree)) await this.content.remove(digest);
  }
}

const needs = ({ id, manifest, blobs, chain }: ImageRecord): string[] => [
  id,
  manifest,
  ...blobs,
  ...chain.map(snapshotKey),
];
