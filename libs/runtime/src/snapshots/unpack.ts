import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { Digest } from '@gantry/oci';
import { failed } from '../errors';
import { makeWhiteout, setAttribute } from '../kernel/libc';
import { decompress } from './decompress';
import { LayerFilter, type LayerLimits } from './layer-filter';
import { LayerPlan } from './layer-plan';
import { InvalidLayer } from './tar-header';

export interface UnpackedLayer {
  diffId: Digest;
  bytes: number;
  /** Directories whose look is that of the layers below. */
  implicitDirectories: string[];
}

/**
 * Unpacks a layer into an empty folder while it arrives: decompressed and hashed here, filtered, written by tar(1).
 * Rejects with {@link InvalidLayer} for what should not be unpacked, or with whatever the source failed with.
 */
export async function unpackLayer(
  source: AsyncIterable<Buffer>,
  folder: string,
  limits: LayerLimits,
): Promise<UnpackedLayer> {
  const plan = new LayerPlan();
  const filter = new LayerFilter(plan, limits);
  const hash = createHash('sha256');
  const tar = startTar(folder);
  try {
    for await (const chunk of decompress(source)) {
      hash.update(chunk);
      for (const part of filter.push(chunk)) if (!tar.stdin.write(part)) await tar.drained();
    }
    filter.finish();
    tar.stdin.end();
    await tar.done;
  } catch (error) {
    tar.abort();
    throw error;
  }
  await hideBelow(folder, plan);
  return {
    diffId: `sha256:${hash.digest('hex')}`,
    bytes: filter.bytes,
    implicitDirectories: plan.implicitDirectories(),
  };
}

/** Attributes that a container may bring; those of overlayfs would steer the mount itself. */
const attributes = ['--xattrs', '--xattrs-include=user.*', '--xattrs-include=security.capability'];

interface TarProcess {
  stdin: Writable;
  done: Promise<void>;
  drained(): Promise<void>;
  abort(): void;
}

function startTar(folder: string): TarProcess {
  const child = spawn('tar', ['-x', '-f', '-', '-C', folder, '-p', '--numeric-owner', '--same-owner', ...attributes], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4096)));
  // When tar gives up it closes its input; its exit tells why.
  child.stdin.on('error', () => undefined);
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', (error) => {
      reject(failed('cannot run tar', error));
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new InvalidLayer(`tar: ${complaint.trim().split('\n')[0] ?? ''} (exit ${code})`));
    });
  });
  done.catch(() => undefined);
  const drained = () => Promise.race([new Promise<void>((resolve) => child.stdin.once('drain', resolve)), done]);
  return { stdin: child.stdin, done, drained, abort: () => void child.kill('SIGKILL') };
}

/** Puts overlayfs' own marks where the layer's whiteouts stood. */
async function hideBelow(folder: string, { whiteouts, opaque }: LayerPlan): Promise<void> {
  for (const path of whiteouts) {
    await makeFolders(folder, path.split('/').slice(0, -1));
    const stats = await lstat(join(folder, path)).catch(() => undefined);
    if (!stats) makeWhiteout(join(folder, path));
    // The same layer puts something there itself, which covers what is below; a directory needs the mark to.
    else if (stats.isDirectory()) setAttribute(join(folder, path), 'trusted.overlay.opaque', 'y');
  }
  for (const path of opaque) {
    await makeFolders(folder, path === '' ? [] : path.split('/'));
    setAttribute(join(folder, path), 'trusted.overlay.opaque', 'y');
  }
}

async function makeFolders(root: string, parts: string[]): Promise<void> {
  let path = root;
  for (const part of parts) {
    path = join(path, part);
    const stats = await lstat(path).catch(() => undefined);
    if (!stats) await mkdir(path);
    else if (!stats.isDirectory())
      throw new InvalidLayer(`whiteout below ${path.slice(root.length + 1)}, which is no directory`);
  }
}

/** Gives directories that the layer only passes through the look they have in the layers below, uppermost first. */
export async function inheritDirectories(folder: string, paths: string[], below: string[]): Promise<void> {
  for (const path of paths) {
    for (const layer of below) {
      const stats = await lstat(join(layer, path)).catch(() => undefined);
      if (!stats) continue;
      if (stats.isDirectory()) {
        await chown(join(folder, path), stats.uid, stats.gid);
        await chmod(join(folder, path), stats.mode & 0o7777);
        await utimes(join(folder, path), stats.atime, stats.mtime);
      }
      break;
    }
  }
}
