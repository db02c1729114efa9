import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { digestOf, type Digest } from '../digest';
import type { Descriptor } from '../manifest';
import { MediaType } from '../media-types';

/** One path of a layer. Paths are absolute. */
export type LayerEntry = { path: string; uid?: number; gid?: number } & (
  | { type: 'file'; mode: number; content: Buffer }
  | { type: 'directory'; mode: number }
  | { type: 'symlink'; target: string }
);

export interface Layer {
  descriptor: Descriptor;
  /** Digest of the uncompressed tar. */
  diffId: Digest;
  /** Compressed. */
  bytes: Buffer;
}

/**
 * Packs entries as a compressed layer. The same entries give the same bytes, whatever their order: they are sorted, times
 * are zero, owners are numbers, and directories that are only implied are written out.
 */
export async function packLayer(entries: LayerEntry[]): Promise<Layer> {
  const tar = pack();
  for (const entry of complete(entries)) {
    const header = {
      name: entry.path.slice(1) + (entry.type === 'directory' ? '/' : ''),
      mode: entry.type === 'symlink' ? 0o777 : entry.mode,
      uid: entry.uid ?? 0,
      gid: entry.gid ?? 0,
      mtime: new Date(0),
    };
    if (entry.type === 'file') tar.entry({ ...header, type: 'file' }, entry.content);
    else if (entry.type === 'directory') tar.entry({ ...header, type: 'directory' });
    else tar.entry({ ...header, type: 'symlink', linkname: entry.target });
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
  const plain = Buffer.concat(chunks);
  const bytes = await promisify(gzip)(plain, { level: 6 });
  const descriptor = { mediaType: MediaType.ociLayerGzip, digest: digestOf(bytes), size: bytes.length };
  return { descriptor, diffId: digestOf(plain), bytes };
}

/** Sorted, each path once (the last mention counts), parents before children. */
function complete(entries: LayerEntry[]): LayerEntry[] {
  const byPath = new Map<string, LayerEntry>();
  for (const entry of entries) byPath.set(entry.path, entry);
  for (const { path } of entries) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const parent = path.slice(0, end);
      if (!byPath.has(parent)) byPath.set(parent, { path: parent, type: 'directory', mode: 0o755 });
    }
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
