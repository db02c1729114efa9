import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from '@gantry/base';
import { openInRoot } from '../kernel/libc';

/** Far above any real account file; an image could hold one of gigabytes. */
const MAX_BYTES = 1 << 20;

/** Reads a small text file of a container's root; empty when it is missing. Links inside it never lead out of it. */
export function readRootFile(rootfs: string, path: string): string {
  const root = openSync(rootfs, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const file = openInRoot(root, path);
    try {
      if (!fstatSync(file).isFile()) return '';
      const buffer = Buffer.alloc(Math.min(fstatSync(file).size, MAX_BYTES));
      return buffer.toString('utf8', 0, readSync(file, buffer));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error) ?? '')) return '';
    throw error;
  } finally {
    closeSync(root);
  }
}
