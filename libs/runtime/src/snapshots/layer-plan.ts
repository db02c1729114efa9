import { InvalidLayer, type TarHeader } from './tar-header';

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** Names that only AUFS ever used. */
const RESERVED = '.wh..wh.';

const SYMLINK = '2';
const HARD_LINK = '1';
const DIRECTORY = '5';
const SPARSE = 'S';

/** Decides what becomes of each entry of a layer, and keeps what is to be done when all are unpacked. No I/O. */
export class LayerPlan {
  /** Paths that hide what lies in the layers below (OCI image spec, layer.md, "Whiteouts"). */
  readonly whiteouts: string[] = [];
  /** Directories that hide all of what lies below. */
  readonly opaque: string[] = [];
  private readonly declared = new Set<string>();
  private readonly needed = new Set<string>();
  private readonly symlinks = new Map<string, string>();

  /** Whether the entry is to be unpacked. Throws {@link InvalidLayer} for one that would reach out of its directory. */
  admit(entry: TarHeader): boolean {
    const path = cleanPath(entry.name);
    if (entry.type === SPARSE) throw new InvalidLayer(`sparse file ${path} is not supported`);
    this.checkAncestors(path);
    if (path === '') return entry.type === DIRECTORY;
    this.needAncestors(path);
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const folder = path.slice(0, Math.max(slash, 0));
    if (name.startsWith(WHITEOUT)) {
      this.takeWhiteout(folder, name);
      return false;
    }
    if (entry.type === HARD_LINK) this.checkAncestors(cleanPath(entry.linkName));
    if (entry.type === SYMLINK) this.symlinks.set(path, entry.linkName);
    else this.symlinks.delete(path);
    if (entry.type === DIRECTORY) this.declared.add(path);
    return true;
  }

  /** Directories that entries lie in but that have none themselves, parents first: they look as in the layers below. */
  implicitDirectories(): string[] {
    return [...this.needed].filter((path) => !this.declared.has(path)).sort();
  }

  private takeWhiteout(folder: string, name: string): void {
    if (name === OPAQUE) {
      this.opaque.push(folder);
      return;
    }
    if (name.startsWith(RESERVED)) return;
    const hidden = name.slice(WHITEOUT.length);
    if (['', '.', '..'].includes(hidden)) throw new InvalidLayer(`whiteout of ${JSON.stringify(hidden)} in ${folder}`);
    this.whiteouts.push(folder ? `${folder}/${hidden}` : hidden);
  }

  private needAncestors(path: string): void {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (this.needed.has(folder)) return;
      this.needed.add(folder);
    }
  }

  private checkAncestors(path: string): void {
    if (this.symlinks.size === 0) return;
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      const target = this.symlinks.get(path.slice(0, slash));
      if (target === undefined) continue;
      if (target.startsWith('/') || target.split('/').includes('..')) {
        throw new InvalidLayer(`${path} lies behind the link ${path.slice(0, slash)} -> ${target}`);
      }
    }
  }
}

/** Without leading `/` and `./`, empty parts, and a trailing `/`. Throws {@link InvalidLayer} when it has a `..`. */
export function cleanPath(name: string): string {
  if (name.includes('\0')) throw new InvalidLayer('entry name holds a zero byte');
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new InvalidLayer(`${JSON.stringify(name)} leads out of the layer`);
  return parts.join('/');
}
