import { createHash, type Hash } from 'node:crypto';

/** More uploads than are likely at once; one beyond is hashed again from its file, which is only slower. */
const MAX_KEPT = 1024;

/**
 * Running SHA-256 of uploads that this process has received from their first byte, so that finishing one needs no second
 * reading. Only a cache: after a restart, or for another algorithm, the file is read.
 */
export class UploadDigests {
  private readonly kept = new Map<string, { hash: Hash; size: number }>();

  /** The hash of the upload's first `size` bytes, if it was kept. Whoever takes it may feed it, and keeps it again. */
  take(upload: string, size: number): Hash | undefined {
    const known = this.kept.get(upload);
    this.kept.delete(upload);
    if (size === 0) return createHash('sha256');
    return known?.size === size ? known.hash : undefined;
  }

  keep(upload: string, size: number, hash: Hash): void {
    this.kept.set(upload, { hash, size });
    if (this.kept.size <= MAX_KEPT) return;
    const [oldest] = this.kept.keys();
    this.kept.delete(oldest!);
  }

  forget(upload: string): void {
    this.kept.delete(upload);
  }
}
