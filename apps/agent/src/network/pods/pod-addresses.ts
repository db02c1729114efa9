import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@gantry/base';

/**
 * The pod addresses of one node, one file per address in use, named by it and holding the sandbox's id: the file system
 * refuses a second owner, and a killed agent finds every allocation again. Addresses are handed out in a circle,
 * so that one just freed is not reused while others still remember its last owner.
 */
export class PodAddressPool {
  private readonly owners = new Map<string, string>();
  private next = 0;

  private constructor(
    private readonly folder: string,
    private readonly first: number,
    private readonly count: number,
  ) {}

  /** `range` is the node's pod range, e.g. 10.244.1.0/24. Its first and last addresses are not given to pods. */
  static async open(folder: string, range: string): Promise<PodAddressPool> {
    const [base = '', length = ''] = range.split('/');
    const size = 2 ** (32 - Number(length));
    const pool = new PodAddressPool(folder, toNumber(base) + 1, size - 2);
    await mkdir(folder, { recursive: true });
    for (const address of await readdir(folder)) {
      pool.owners.set(address, await readFile(join(folder, address), 'utf8'));
    }
    return pool;
  }

  /** The sandbox's address: the one it has, or a free one. Throws when all are in use. */
  async allocate(sandboxId: string): Promise<string> {
    const held = this.addressOf(sandboxId);
    if (held) return held;
    for (let tried = 0; tried < this.count; tried++) {
      const address = toText(this.first + (this.next++ % this.count));
      if (this.owners.has(address)) continue;
      this.owners.set(address, sandboxId);
      try {
        await writeFile(join(this.folder, address), sandboxId, { flag: 'wx' });
        return address;
      } catch (error) {
        this.owners.delete(address);
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
    throw new Error(`all ${this.count} pod addresses of this node are in use`);
  }

  addressOf(sandboxId: string): string | undefined {
    for (const [address, owner] of this.owners) if (owner === sandboxId) return address;
    return undefined;
  }

  async release(sandboxId: string): Promise<void> {
    for (const [address, owner] of this.owners) {
      if (owner !== sandboxId) continue;
      await rm(join(this.folder, address), { force: true });
      this.owners.delete(address);
    }
  }

  /** Every sandbox that holds an address. */
  sandboxes(): string[] {
    return [...new Set(this.owners.values())];
  }
}

function toNumber(address: string): number {
  return address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
