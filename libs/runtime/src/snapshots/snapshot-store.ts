import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { uuid, writeFileDurably } from '@gantry/base';
import type { Digest } from '@gantry/oci';
import type { Paths } from '../paths';
import { snapshotKey } from './chain-id';
import type { LayerLimits } from './layer-filter';
import { InvalidLayer } from './tar-header';
import { inheritDirectories, unpackLayer } from './unpack';

interface Snapshot {
  chainId: Digest;
  /** Unpacked. */
  bytes: number;
}

/** A layer on the disk that no snapshot shows yet. */
export interface StagedLayer {
  folder: string;
  bytes: number;
  implicitDirectories: string[];
}

/** Stands below an image without layers: an overlay must have a lower directory. */
const EMPTY = 'empty';

/** Unpacked layers, shared by all containers that stand on them. */
export class SnapshotStore {
  private readonly snapshots = new Map<string, Snapshot>();

  constructor(
    private readonly paths: Paths,
    private readonly limits: LayerLimits,
  ) {}

  /** Reads what is there, and clears away what was half-made. */
  async open(): Promise<void> {
    const { snapshots, staging } = this.paths;
    await rm(staging, { recursive: true, force: true });
    await Promise.all([mkdir(staging, { recursive: true }), mkdir(join(snapshots, EMPTY), { recursive: true })]);
    const names = await readdir(snapshots);
    const recorded = names
      .filter((name) => /^[0-9a-f]+\.json$/.test(name))
      .map((name) => name.slice(0, -'.json'.length));
    for (const key of recorded) {
      this.snapshots.set(key, JSON.parse(await readFile(this.recordPath(key), 'utf8')) as Snapshot);
    }
    const known = new Set([EMPTY, ...recorded.flatMap((key) => [key, `${key}.json`])]);
    const strays = names.filter((name) => !known.has(name));
    await Promise.all(strays.map((name) => rm(join(snapshots, name), { recursive: true, force: true })));
  }

  has(chainId: Digest): boolean {
    return this.snapshots.has(snapshotKey(chainId));
  }

  /** Unpacked bytes of a layer. */
  bytes(chainId: Digest): number {
    return this.snapshots.get(snapshotKey(chainId))?.bytes ?? 0;
  }

  keys(): string[] {
    return [...this.snapshots.keys()];
  }

  /** Names of folders below {@link Paths.snapshots} for an overlay of these layers. */
  lowerFolders(layers: string[]): string[] {
    return layers.length === 0 ? [EMPTY] : layers;
  }

  /** Unpacks a layer aside. It is independent of the layers below, so all layers of an image can be unpacked at once. */
  async stage(source: AsyncIterable<Buffer>, diffId: Digest): Promise<StagedLayer> {
    const folder = join(this.paths.staging, uuid());
    await mkdir(folder);
    try {
      const layer = await unpackLayer(source, folder, this.limits);
      if (layer.diffId !== diffId)
        throw new InvalidLayer(`unpacked content has digest ${layer.diffId} instead of ${diffId}`);
      return { folder, ...layer };
    } catch (error) {
      await this.drop({ folder });
      throw error;
    }
  }

  drop({ folder }: Pick<StagedLayer, 'folder'>): Promise<void> {
    return rm(folder, { recursive: true, force: true });
  }

  /** Makes a staged layer the snapshot of the chain id. The layers below it, uppermost first, are snapshots already. */
  async commit(staged: StagedLayer, chainId: Digest, below: string[]): Promise<void> {
    const key = snapshotKey(chainId);
    const folders = below.map((lower) => join(this.paths.snapshots, lower));
    await inheritDirectories(staged.folder, staged.implicitDirectories, folders);
    await rename(staged.folder, join(this.paths.snapshots, key));
    const snapshot: Snapshot = { chainId, bytes: staged.bytes };
    await writeFileDurably(this.recordPath(key), JSON.stringify(snapshot));
    this.snapshots.set(key, snapshot);
  }

  async remove(key: string): Promise<void> {
    this.snapshots.delete(key);
    // First the record: a folder without one is cleared away at the next start.
    await rm(this.recordPath(key), { force: true });
    await rm(join(this.paths.snapshots, key), { recursive: true, force: true });
  }

  private recordPath(key: string): string {
    return join(this.paths.snapshots, `${key}.json`);
  }
}
