import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from '@gantry/base';
import { elfNeeds } from './elf';
import type { LayerEntry } from './layer';

/** Where Debian's dynamic linker looks. */
const LIBRARY_FOLDERS = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib'].flatMap((folder) => [
  folder,
  folder.replace('x86_64', 'aarch64'),
]);

/** Gathers files out of unpacked packages, and with each program the shared libraries it needs to run. */
export class PackageFiles {
  private readonly found = new Map<string, LayerEntry>();

  constructor(/** Folder the packages are unpacked in. */ private readonly root: string) {}

  get entries(): LayerEntry[] {
    return [...this.found.values()];
  }

  /** Adds a file, link or folder with all that is in it. Throws an Error if no package has it. */
  async add(path: string): Promise<void> {
    if (this.found.has(path)) return;
    const place = join(this.root, path);
    const found = await lstat(place).catch((error: unknown) => {
      throw errorCode(error) === 'ENOENT' ? new Error(`no package has ${path}`) : error;
    });
    const mode = found.mode & 0o7777;
    if (found.isDirectory()) {
      this.found.set(path, { path, type: 'directory', mode });
      for (const name of await readdir(place)) await this.add(join(path, name));
    } else if (found.isSymbolicLink()) {
      const target = await readlink(place);
      this.found.set(path, { path, type: 'symlink', target });
      await this.add(resolve(dirname(path), target));
    } else {
      const content = await readFile(place);
      this.found.set(path, { path, type: 'file', mode, content });
      await this.addLibraries(path, content);
    }
  }

  private async addLibraries(program: string, content: Buffer): Promise<void> {
    const needs = elfNeeds(content);
    if (needs?.interpreter) await this.add(needs.interpreter);
    for (const library of needs?.libraries ?? []) {
      const path = await this.findLibrary(library);
      if (!path) throw new Error(`no package has ${library}, which ${program} needs`);
      await this.add(path);
    }
  }

  private async findLibrary(name: string): Promise<string | undefined> {
    for (const folder of LIBRARY_FOLDERS) {
      const path = join(folder, name);
      const exists = await lstat(join(this.root, path)).then(
        () => true,
        () => false,
      );
      if (exists) return path;
    }
    return undefined;
  }
}
